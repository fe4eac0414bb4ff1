import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { missing } from "./require.ts";

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const NODE_COMPILE_CACHE = join(import.meta.dirname, "../../node_modules/.cache/node");

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: 80. */
  readonly columns?: number;
  /** What is typed once a text is seen, one after another. */
  readonly typed?: readonly (readonly [seen: string, keys: string])[];
}

export interface TerminalResult {
  readonly code: number;
  /** Everything that the terminal got, escape sequences included. */
  readonly raw: string;
  /** Without colours and cursor movements. */
  readonly text: string;
}

const PROGRAM = `
import fcntl, json, os, pty, select, struct, sys, termios, time
spec = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, spec["columns"], 0, 0))
    os.chdir(spec["cwd"])
    os.execve(spec["command"][0], spec["command"], spec["env"])
out, at, typed = b"", 0, [(seen.encode(), keys.encode()) for seen, keys in spec["typed"]]
end = time.monotonic() + 100
while time.monotonic() < end:
    if not select.select([fd], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    out += chunk
    while typed and out.find(typed[0][0], at) >= 0:
        at = len(out)
        os.write(fd, typed.pop(0)[1])
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "raw": out.decode("utf-8", "replace")}))
`;

/** Runs the command line in a real pseudo-terminal. Null, with a notice, where there is no Python 3 to make one. */
export async function runInTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalResult | null> {
  const { cwd, env = {}, columns = 80, typed = [] } = options;
  const variables = {
    ...process.env,
    NODE_OPTIONS: undefined,
    CI: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    TERM: "xterm-256color",
    NODE_COMPILE_CACHE,
    ...env,
  };
  const spec = {
    cwd,
    columns,
    typed,
    command: [process.execPath, MAIN, ...args],
    env: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined)),
  };
  try {
    const { stdout } = await run("python3", ["-c", PROGRAM, JSON.stringify(spec)], { maxBuffer: 1 << 26 });
    const { code, raw } = JSON.parse(stdout) as { readonly code: number; readonly raw: string };
    return { code, raw, text: withoutEscapes(raw) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return missing("python", "no python3 to open a pseudo-terminal with");
  }
}

function withoutEscapes(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");
}
