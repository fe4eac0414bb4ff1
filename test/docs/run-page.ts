import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type Block, commandsOf, type Page, root } from "./page.ts";

export interface PageRun {
  /** Whatever the commands printed, on either stream. */
  readonly output: string;
  /** What did not go as the page says: commands with another exit code than told, lines of shown output that did not come. */
  readonly failures: readonly string[];
}

export interface PageRunOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Changes a command before it runs, such as the name of the package to its tarball. */
  readonly translate?: (command: string) => string;
}

const LIMIT_MS = 240_000;

/** The ports that the pages name; each page gets free ones in their place. */
const PORTS = ["4566", "4577", "5000"];

/**
 * Runs a page's blocks in order in one shell: files are written, `sh` blocks run command by command, each with the exit code that a
 * comment behind it names (`# exit code 2`), else 0; lines of a `text` block of a guide must have been printed by the end (`…` stands for anything).
 */
export async function runPage(
  { path, blocks }: Page,
  { folder, env = {}, translate = (command) => command }: PageRunOptions,
): Promise<PageRun> {
  const ports = await freePorts(PORTS.length);
  const own = (text: string): string =>
    PORTS.reduce((changed, port, at) => changed.replaceAll(new RegExp(`(?<![\\d.])${port}(?!\\d)`, "g"), String(ports[at])), text);
  const script = [
    "trap 'kill $started 2>/dev/null' EXIT",
    'said() { [ "$1" = "$2" ] || printf \'@@ %s\\n\' "$3: exit code $1 instead of $2"; }',
    ...blocks.filter(({ notRun }) => notRun === null).flatMap((block, at) => linesOf(block, `${path}:${block.line}`, at, own, translate)),
  ];
  await writeShim(folder);
  await writeFile(join(folder, ".page.sh"), `${script.join("\n")}\n`);
  const output = await shell(folder, { ...env, PATH: `${join(folder, ".bin")}:${process.env["PATH"]}` });
  const shown = path.startsWith("docs/guide/") ? missingLines(blocks, output, path, own) : [];
  return {
    output,
    failures: [...output.matchAll(/^@@ (.*)$/gm)].map(([, failure = ""]) => failure).concat(shown),
  };
}

function linesOf(
  block: Block,
  where: string,
  at: number,
  own: (text: string) => string,
  translate: (command: string) => string,
): readonly string[] {
  if (block.file !== null) {
    const file = block.file.replaceAll("'", "");
    return [`mkdir -p '${dirname(file)}'`, `cat > '${file}' <<'END_OF_FILE_${at}'\n${own(block.text)}END_OF_FILE_${at}`];
  }
  if (block.language !== "sh") return [];
  return commandsOf(block).flatMap((command, n) => {
    const expected = /# .*exit code (\d+)/i.exec(command)?.[1] ?? "0";
    const said = `${where} ${command.split("\n")[0]}`.replaceAll(/["$`\\]/g, "");
    const mine = translate(own(command));
    if (/&\s*(#.*)?$/.test(mine) && !/&&\s*$/.test(mine)) {
      const log = `.background-${at}-${n}.log`;
      const foreground = mine.replace(/&\s*(#.*)?$/, "");
      return [
        `${foreground} > ${log} 2>&1 & started="$started $!"`,
        `i=0; until grep -q listening ${log} || [ $i = 600 ]; do sleep 0.1; i=$((i+1)); done`,
      ];
    }
    return [mine, `said $? ${expected} "${said}"`];
  });
}

function missingLines(blocks: readonly Block[], output: string, path: string, own: (text: string) => string): readonly string[] {
  const printed = output.split("\n").map((line) => line.trim());
  return blocks
    .filter(({ language, notRun }) => language === "text" && notRun === null)
    .flatMap(({ text, line }) =>
      own(text)
        .split("\n")
        .map((shown) => shown.trim())
        .filter((shown) => shown !== "" && shown !== "…" && !printed.some((real) => matches(real, shown)))
        .map((shown) => `${path}:${line} shows a line that was not printed: ${shown}`),
    );
}

function matches(real: string, shown: string): boolean {
  const pattern = shown.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(real);
}

/** `tidemark`, and `bin/tidemark` of a checkout, as the tests start it. */
async function writeShim(folder: string): Promise<void> {
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/cli/main.ts")}" "$@"\n`;
  for (const place of [".bin", "bin"]) {
    await mkdir(join(folder, place), { recursive: true });
    await writeFile(join(folder, place, "tidemark"), shim);
    await chmod(join(folder, place, "tidemark"), 0o755);
  }
}

function shell(cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn("sh", [".page.sh"], {
    cwd,
    env: {
      ...process.env,
      NODE_OPTIONS: undefined,
      NODE_COMPILE_CACHE: join(root, "node_modules/.cache/node"),
      CI: "1",
      NO_COLOR: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const limit = setTimeout(() => child.kill(), LIMIT_MS);
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", () => {
      clearTimeout(limit);
      done(child.killed ? `${output}\n@@ the page did not end within ${LIMIT_MS} ms` : output);
    });
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
