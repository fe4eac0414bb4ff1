/**
 * Checks what users get: the files of the packed package, the tree of packages that comes with it, and that both work where nothing
 * else is: the command starts, every export loads. Expects `dist/` as `npm run build` makes it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { objections, productionPackages } from "./production-tree.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const scratch = mkdtempSync(join(tmpdir(), "tidemark-package-"));

try {
  const packed = pack();
  const problems = [...objectionsToFiles(packed.files), ...objections(root)];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  install(join(scratch, packed.filename));
  startCommand();
  loadExports();
  console.log(`${packed.files.length} files, ${productionPackages(root).length} packages come along; the command and every export work.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function pack(): { readonly filename: string; readonly files: readonly string[] } {
  const answer = npm(root, "pack", "--json", "--pack-destination", scratch);
  const described = JSON.parse(answer) as unknown;
  // npm 12 answers with an object by package name, older ones with a list.
  const [entry] = (Array.isArray(described) ? described : Object.values(described as object)) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (entry === undefined) throw new Error(`npm pack answered ${answer}`);
  return { filename: entry.filename, files: entry.files.map((file) => file.path) };
}

function objectionsToFiles(files: readonly string[]): readonly string[] {
  const exported = Object.values(manifest.exports).flatMap((entry) => (typeof entry === "string" ? [entry] : [entry.types, entry.default]));
  const needed = ["LICENSE", "README.md", "CHANGELOG.md", "dist/cli/main.js", ...exported.map((path) => path.replace("./", ""))];
  const strange = /\.test\.|(^|\/)(src|test|tools|scripts|bench|node_modules|\.[^/]+)\//;
  return [
    ...needed.filter((path) => !files.includes(path)).map((path) => `The package lacks ${path}.`),
    ...files.filter((path) => strange.test(path)).map((path) => `The package should not hold ${path}.`),
  ];
}

function install(tarball: string): void {
  writeFileSync(join(scratch, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(scratch, "install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball);
}

function startCommand(): void {
  const said = execFileSync(join(scratch, "node_modules/.bin", manifest.name), ["--version"], { cwd: scratch, encoding: "utf8" }).trim();
  if (said !== manifest.version) throw new Error(`The installed command calls itself "${said}", and the package is ${manifest.version}.`);
}

function loadExports(): void {
  // The conformance suites load inside vitest only, which their user brings.
  const names = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json") && path !== "./testing");
  const imports = names.map((path) => `await import(${JSON.stringify(path.replace(".", manifest.name))});`);
  execFileSync(process.execPath, ["--input-type=module", "--eval", imports.join("\n")], {
    cwd: scratch,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
