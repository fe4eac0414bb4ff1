import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const { isRight, satisfies } = createRequire(import.meta.url)("../../scripts/right-node.cjs") as {
  isRight(versions: Record<string, string | undefined>): boolean;
  satisfies(version: string, range: string): boolean;
};

test.for([
  ["24.15.0", true],
  ["24.14.9", false],
  ["24.100.0", true],
  ["25.3.0", false],
  ["26.0.0", true],
  ["20.20.2", false],
] as const)("Node %s satisfies what package.json asks for: %s", ([version, satisfied]) => {
  expect(satisfies(version, ">=24.15.0 <25 || >=26")).toBe(satisfied);
});

test("a Node with an older SQLite, or none, is not the right one", () => {
  expect(isRight(process.versions)).toBe(true);
  expect(isRight({ ...process.versions, sqlite: "3.51.2" })).toBe(false);
  expect(isRight({ ...process.versions, sqlite: undefined })).toBe(false);
});

describe("a fresh checkout", () => {
  let checkout: string;
  let elsewhere: string;

  beforeEach(() => {
    checkout = aCheckout();
    elsewhere = temporaryFolder("elsewhere");
  });
  afterEach(() => {
    for (const folder of [checkout, elsewhere]) rmSync(folder, { recursive: true, force: true });
  });

  test("sets itself up on the first call, says so on standard error alone, and is silent from then on", async () => {
    const first = await run(join(checkout, "bin/tidemark"), ["a", "b c"], { cwd: elsewhere, input: "given" });
    expect(first).toMatchObject({ code: 3, stdout: JSON.stringify({ args: ["a", "b c"], cwd: elsewhere, input: "given" }) });
    expect(first.stderr).toContain("Installing the packages of the lockfile");

    const second = await run(join(checkout, "bin/tidemark"), ["a", "b c"], { cwd: elsewhere, input: "given" });
    expect(second).toEqual({ ...first, stderr: "" });
  });

  test("is started through symbolic links from any folder", async () => {
    symlinkSync(join(checkout, "bin/tidemark"), join(elsewhere, "absolute"));
    symlinkSync("absolute", join(elsewhere, "relative"));
    expect((await run("./relative", [], { cwd: elsewhere })).code).toBe(3);
  });

  test("is set up anew when the lockfile moves on, and not when only a script of package.json does", async () => {
    await run(join(checkout, "bin/tidemark"), []);
    edit(join(checkout, "package.json"), (text) => text.replace("{", '{ "scripts": { "x": "y" },'));
    expect((await run(join(checkout, "bin/tidemark"), [])).stderr).toBe("");
    edit(join(checkout, "package-lock.json"), (text) => `${text}\n`);
    expect((await run(join(checkout, "bin/tidemark"), [])).stderr).toContain("Installing");
  });

  test("is set up once by two calls at the same time, and both do their work", async () => {
    const both = await Promise.all([run(join(checkout, "bin/tidemark"), []), run(join(checkout, "bin/tidemark"), [])]);
    expect(both.map(({ code }) => code)).toEqual([3, 3]);
    expect(both.filter(({ stderr }) => stderr.includes("Installing"))).toHaveLength(1);
  });

  test("is set up although a set-up before it died and left its lock", async () => {
    mkdirSync(join(checkout, "tools/.setup-lock"));
    writeFileSync(join(checkout, "tools/.setup-lock/pid"), String(await pidOfTheDead()));
    expect((await run(join(checkout, "bin/tidemark"), [])).code).toBe(3);
  });

  test("runs under the private Node where the one on the PATH is too old", async () => {
    const own = aPrivateNode(checkout);
    edit(join(checkout, "package.json"), (text) => text.replace(/"node": "[^"]*"/, '"node": ">=99"'));
    expect((await run(join(checkout, "bin/tidemark"), [])).code).toBe(3);
    expect(readFileSync(join(checkout, "node_modules/.tidemark-setup"), "utf8").split("\n")[0]).toBe(own);
  });

  test("ends with a sentence when the Node that it was set up with is another by now", async () => {
    await run(join(checkout, "bin/tidemark"), []);
    const stamp = join(checkout, "node_modules/.tidemark-setup");
    edit(join(checkout, "package.json"), (text) => text.replace(/"node": "[^"]*"/, '"node": ">=99"'));
    const result = await run(process.execPath, ["--require", join(checkout, "scripts/right-node.cjs"), "--eval", "1"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/was exchanged for Node .* Run this again/);
    expect(existsSync(stamp)).toBe(false);
  });

  test("fails with npm's words and the way out when the packages cannot be installed", async () => {
    writeFileSync(join(checkout, "package-lock.json"), "no lockfile");
    const result = await run(join(checkout, "bin/tidemark"), []);
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toMatch(/"npm ci" in .* failed with 1; .* run this again/);
  });

  test.for(["bin/tidemark", "scripts/setup.cjs"])("passes a signal on to the command: %s", async (script) => {
    const command = script === "bin/tidemark" ? [] : ["node", "src/cli/main.ts"];
    await run(join(checkout, script), [...command, "warm"], { cwd: checkout });
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      expect((await run(join(checkout, script), [...command, "wait"], { cwd: checkout, signal })).code).toBe(130);
    }
  });
});

/** A project with this one's start scripts, no dependencies, and a command that tells what reached it. */
function aCheckout(): string {
  const checkout = temporaryFolder("checkout");
  for (const part of ["bin", "scripts", "tools/package.json", "tools/package-lock.json"]) {
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  }
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: object };
  const named = { name: "checkout", version: "1.0.0" };
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ ...named, type: "module", engines }, null, 2));
  writeFileSync(
    join(checkout, "package-lock.json"),
    JSON.stringify({ ...named, lockfileVersion: 3, requires: true, packages: { "": named } }),
  );
  mkdirSync(join(checkout, "src/cli"), { recursive: true });
  writeFileSync(
    join(checkout, "src/cli/main.ts"),
    `const args: string[] = process.argv.slice(2);
    if (args[0] === "wait") {
      for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(130));
      process.stderr.write("ready");
      setTimeout(() => {}, 60_000);
    } else {
      let input = "";
      for await (const chunk of process.stdin) input += chunk;
      process.stdout.write(JSON.stringify({ args, cwd: process.cwd(), input }));
      process.exitCode = 3;
    }`,
  );
  return checkout;
}

/** Puts the running Node where npm would put a private one; answers with its path. */
function aPrivateNode(checkout: string): string {
  const tools = JSON.parse(readFileSync(join(checkout, "tools/package.json"), "utf8")) as { optionalDependencies: Record<string, string> };
  const [name = "", version = ""] =
    Object.entries(tools.optionalDependencies).find(([candidate]) => candidate.endsWith(`-${process.platform}-${process.arch}`)) ?? [];
  const folder = join(checkout, "tools/node_modules", name);
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version }));
  symlinkSync(process.execPath, join(folder, "bin/node"));
  return join(folder, "bin/node");
}

interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Sent as soon as the command has said "ready". */
  readonly signal?: NodeJS.Signals;
}

function run(command: string, args: readonly string[], { cwd = tmpdir(), input = "", signal }: RunOptions = {}) {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const child = spawn(command, args, { cwd, env: { ...process.env, PATH: path, NODE_OPTIONS: undefined } });
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
    if (signal !== undefined && stderr.endsWith("ready")) child.kill(signal);
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

async function pidOfTheDead(): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ["--version"]);
  await new Promise((resolve) => child.on("close", resolve));
  return child.pid ?? 0;
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function temporaryFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `tidemark-${name}-`)));
}
