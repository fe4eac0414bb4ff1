#!/usr/bin/env node
"use strict";
/**
 * Makes the checkout ready to run, then carries out a command in it: `node scripts/setup.cjs [command …]`.
 *
 * It finds the right Node (this one, or a private one in `tools/`, fetched from npm where this one is too old) and installs what the
 * lockfile says when `node_modules` is missing or stale. The command sees that Node first on its PATH. Plain CommonJS for any Node
 * from 18 on, because this runs before the right one is there. Standard output belongs to the command: every message here goes to
 * standard error.
 */
const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } = require("node:fs");
const { delimiter, dirname, join } = require("node:path");
const { isatty } = require("node:tty");
const { STAMP, isRight, need, root } = require("./right-node.cjs");

const TOOLS = join(root, "tools");
const LOCK = join(TOOLS, ".setup-lock");
/** `bin/tidemark` compares the stamp's time with these. */
const INPUTS = [join(root, "package.json"), join(root, "package-lock.json"), join(TOOLS, "package-lock.json")];
const LOCK_PATIENCE_MS = 15 * 60 * 1000;

class SetupError extends Error {}

if (require.main === module) {
  try {
    const node = ready();
    const [command, ...args] = process.argv.slice(2);
    if (command !== undefined) carryOut(node, command, args);
  } catch (error) {
    say(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}

/** Answers with the path of the right Node, everything installed. */
function ready() {
  const node = presentNode();
  if (node !== null && isInstalled()) {
    stamp(node);
    return node;
  }
  return underLock(() => {
    const right = presentNode() || fetchNode();
    if (!isInstalled()) installPackages(right);
    stamp(right);
    return right;
  });
}

/** The running Node if it is right, else the private one if it is there in the version that `tools/` asks for, else null. */
function presentNode() {
  if (isRight(process.versions)) return process.execPath;
  const own = privateNode();
  if (own === null || !existsSync(own.path)) return null;
  return JSON.parse(readFileSync(join(own.folder, "package.json"), "utf8")).version === own.version ? own.path : null;
}

/** Where npm puts the private Node of this platform; null where npm has none. */
function privateNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(TOOLS, "package.json"), "utf8"));
  const suffix = `-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const name = Object.keys(optionalDependencies).find((candidate) => candidate.endsWith(suffix));
  if (name === undefined) return null;
  const folder = join(TOOLS, "node_modules", name);
  return { folder, path: join(folder, "bin", process.platform === "win32" ? "node.exe" : "node"), version: optionalDependencies[name] };
}

function fetchNode() {
  const own = privateNode();
  const here = `This is Node ${process.versions.node} on ${process.platform} ${process.arch}, and Tidemark needs ${need}.`;
  if (own === null) throw new SetupError(`${here} npm has none for this platform: install one and run this again.`);
  say(`${here} Fetching Node ${own.version} into tools/, once …`);
  npmCi(TOOLS, process.execPath, "--include=optional");
  const answer = spawnSync(own.path, ["--version"], { encoding: "utf8" });
  if (answer.status !== 0) {
    throw new SetupError(
      `The Node that npm supplied, ${own.path}, does not start here (${answer.error ? answer.error.message : answer.stderr.trim()}). Install ${need} and run this again.`,
    );
  }
  return own.path;
}

function installPackages(node) {
  say("Installing the packages of the lockfile, once …");
  rmSync(STAMP, { force: true });
  npmCi(root, node, "--include=dev", "--include=optional");
}

/** Runs npm under `node`: under an older one npm would leave out, without a word, what that one does not support. */
function npmCi(folder, node, ...include) {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...include];
  const runningNpm = process.env.npm_execpath;
  const [command, prefix, shell] =
    runningNpm !== undefined && runningNpm.endsWith("npm-cli.js") ? [node, [runningNpm], false] : ["npm", [], process.platform === "win32"];
  const result = spawnSync(command, [...prefix, ...args], {
    cwd: folder,
    env: withPath(npmFreeEnvironment(), node),
    stdio: ["ignore", 2, 2],
    shell,
  });
  if (result.error)
    throw new SetupError(`npm cannot be started (${result.error.message}). It comes with Node: put it on the PATH and run this again.`);
  if (result.status !== 0) {
    throw new SetupError(
      `"npm ci" in ${folder} failed with ${result.signal || result.status}; its own words stand above. Check network and registry settings, then run this again.`,
    );
  }
}

/** An npm that runs this script describes its own project and command in the environment; a second one must not take those for its own. */
function npmFreeEnvironment() {
  const strange =
    /^npm_(config_(local_prefix|prefix|global_prefix|workspace|workspaces|include|omit|production|only)|package_.*|lifecycle_.*|command)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
}

function withPath(environment, node) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") || "PATH";
  return { ...environment, [name]: [dirname(node), join(root, "node_modules", ".bin"), environment[name]].filter(Boolean).join(delimiter) };
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8").split("\n")[1] === fingerprint();
}

/** Everything that decides what is installed. Other parts of package.json, such as a script, make nothing stale. */
function fingerprint() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const asked = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"].map((name) => manifest[name]);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([process.platform, process.arch, asked]));
  return hash.update(readFileSync(join(root, "package-lock.json"))).digest("hex");
}

/** First line the right Node, second what is installed; newer than all that it speaks of. */
function stamp(node) {
  const text = `${node}\n${fingerprint()}\n`;
  try {
    if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === text) {
      const time = statSync(STAMP).mtimeMs;
      if (INPUTS.some((path) => statSync(path).mtimeMs >= time)) utimesSync(STAMP, new Date(), new Date());
      return;
    }
    mkdirSync(dirname(STAMP), { recursive: true });
    writeFileSync(`${STAMP}.${process.pid}`, text);
    renameSync(`${STAMP}.${process.pid}`, STAMP);
  } catch (error) {
    // A checkout that may only be read is as ready as any other; it just has to be asked again at every start.
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
}

/** Lets one set-up at a time through. The lock is a folder that names its holder; one whose process is gone is taken over. */
function underLock(work) {
  const holder = join(LOCK, "pid");
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (let told = false; !take(); pause(250)) {
    const pid = existsSync(holder) ? readFileSync(holder, "utf8") : "";
    if (pid !== "" && !isAlive(Number(pid))) {
      discard(pid);
      continue;
    }
    if (!told) say(`Another set-up is under way${pid === "" ? "" : ` (process ${pid})`}; waiting for it …`);
    told = true;
    if (Date.now() > deadline)
      throw new SetupError(
        `Another set-up has been under way for ${LOCK_PATIENCE_MS / 60000} minutes. If there is none, remove ${LOCK} and run this again.`,
      );
  }
  try {
    return work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }

  function take() {
    try {
      mkdirSync(LOCK);
    } catch (error) {
      if (error.code === "EEXIST") return false;
      throw new SetupError(`The lock folder ${LOCK} cannot be made (${error.message}). The checkout must be writable to be set up.`);
    }
    writeFileSync(holder, String(process.pid));
    return true;
  }

  /** Two that wait may both find the holder gone: the slower one must not throw out the faster one's new lock. */
  function discard(pid) {
    const aside = `${LOCK}.${process.pid}`;
    try {
      renameSync(LOCK, aside);
    } catch (error) {
      if (error.code === "ENOENT") return;
      throw error;
    }
    if (readFileSync(join(aside, "pid"), "utf8") === pid) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, LOCK);
  }
}

function isAlive(pid) {
  // An interrupted set-up in a container leaves its number to the next one.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs the command as if it had been called directly: same streams, signals passed on, its end is ours. */
function carryOut(node, command, args) {
  const cache = process.env.NODE_COMPILE_CACHE || join(root, "node_modules", ".cache", "node");
  const child = spawn(command === "node" ? node : command, args, {
    stdio: "inherit",
    env: { ...withPath(process.env, node), ...(command === "node" ? { NODE_COMPILE_CACHE: cache } : {}) },
    shell: process.platform === "win32",
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches every process of a terminal by itself; passed on, the command would see it twice.
  process.on("SIGINT", () => isatty(0) || child.kill("SIGINT"));
  child.on("error", (error) => {
    say(`${command} cannot be started (${error.message}).`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function say(message) {
  process.stderr.write(`tidemark: ${message instanceof Error ? message.stack : message}\n`);
}
