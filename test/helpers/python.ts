import { execFile, spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { missing } from "./require.ts";

const run = promisify(execFile);

const root = join(import.meta.dirname, "../..");
const VENV = join(root, ".venv");
const LOCK = join(root, ".venv.lock");
const REQUIREMENTS = join(root, "test/requirements.txt");
/** A copy of the requirements, written last: a venv without it is half made. */
const STAMP = join(VENV, "requirements.installed.txt");
const PYTHON = join(VENV, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

let venv: Promise<string | null> | undefined;

/**
 * The path of a Python with everything of `test/requirements.txt`, in a virtual environment of this checkout that the first caller of
 * any process makes. Null, with a notice, where it cannot be made; an error where `REQUIRE` names python.
 */
export function pythonVenv(): Promise<string | null> {
  venv ??= prepare().catch((error: unknown) => missing("python", `no virtual environment could be made: ${reasonOf(error)}`));
  return venv;
}

/** A server that is not ours, on a port of its own. */
export interface Emulator {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a server written in Python; `code` makes it listen at 127.0.0.1, say "Running on http://…" on standard error, and answer 200
 * at `health`. It ends when its standard input does, so that it never outlives the test that started it, whatever became of that. Null
 * as for {@link pythonVenv}.
 */
export async function startEmulator(name: string, code: string, health: string): Promise<Emulator | null> {
  const python = await pythonVenv();
  if (python === null) return null;
  const child = spawn(python, ["-c", `${ENDS_WITH_ITS_INPUT}${code}`], { stdio: ["pipe", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const url = await addressOf(child);
    await answering(`${url}${health}`);
    return {
      url,
      async close() {
        child.stdin?.end();
        await ended;
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    return missing("python", `${name} does not start: ${reasonOf(error)}`);
  }
}

const ENDS_WITH_ITS_INPUT = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
`;

async function prepare(): Promise<string> {
  while (!isReady()) {
    if (!tryLock()) {
      await sleep(500);
      continue;
    }
    try {
      if (!isReady()) await make();
    } finally {
      rmSync(LOCK, { force: true });
    }
  }
  return PYTHON;
}

async function make(): Promise<void> {
  rmSync(VENV, { recursive: true, force: true });
  await run("python3", ["-m", "venv", VENV]);
  await run(PYTHON, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS]);
  copyFileSync(REQUIREMENTS, STAMP);
}

function isReady(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === readFileSync(REQUIREMENTS, "utf8");
}

/** The lock is a file that holds the number of its process; one whose process is gone is thrown away. */
function tryLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(readIfThere(LOCK));
    if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
    return false;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The address that the server announces. Its standard error is read to the end, or a full pipe would stop it. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`its server ended with: ${said}`)));
  });
}

async function answering(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`it answers ${response.status}`);
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return [error instanceof Error ? error.message : String(error), said].filter((text) => text !== "").join("\n");
}
