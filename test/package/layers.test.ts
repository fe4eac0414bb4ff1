import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { MAY_IMPORT, MAY_IMPORT_TYPES } from "../../oxlint.config.ts";

const root = join(import.meta.dirname, "../..");

/** Every import of one source file by another: the layers at both ends and whether only types come across. */
function importsAcrossLayers(): readonly { readonly file: string; readonly from: string; readonly to: string; readonly types: boolean }[] {
  const files = globSync("src/*/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(/^(import|export)( type)?[^;]*?from "(\.[^"]+)"|import\("(\.[^"]+)"\)/gm)].map((match) => {
      const target = relative(root, resolve(root, dirname(file), match[3] ?? match[4] ?? ""));
      return { file, from: layerOf(file), to: layerOf(target), types: match[2] !== undefined };
    });
  });
}

function layerOf(file: string): string {
  return file.split("/")[1] ?? "";
}

test("no file of src/ imports a layer that its own may not", () => {
  const wrong = importsAcrossLayers().filter(({ from, to, types }) => {
    const allowed = [from, "model", ...(MAY_IMPORT[from] ?? []), ...(types ? (MAY_IMPORT_TYPES[from] ?? []) : [])];
    return !allowed.includes(to);
  });
  expect(wrong).toEqual([]);
});

test("every folder of src/ is a layer that the table knows", () => {
  const folders = globSync("src/*/", { cwd: root }).map((path) => layerOf(path));
  expect(folders.filter((folder) => !folder.includes(".") && !(folder in MAY_IMPORT))).toEqual([]);
});

test("ARCHITECTURE.md shows the table that the linter enforces", () => {
  const rows = [...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `([a-z]\w*)` \| ([^|]*) \|/gm)];
  const shown = Object.fromEntries(rows.map(([, layer = "", list = ""]) => [layer, [...list.matchAll(/`(\w+)`/g)].map((name) => name[1])]));
  const enforced = Object.fromEntries(
    Object.entries(MAY_IMPORT).map(([layer, layers]) => [layer, [...layers, ...(MAY_IMPORT_TYPES[layer] ?? [])]]),
  );
  expect(shown).toEqual(enforced);
});

describe("the linter", () => {
  const refused = {
    "a pure stage that reads a file": ["src/detect/a.ts", 'import "node:fs";', "no-restricted-imports"],
    "a pure stage that draws lots": ["src/plan/a.ts", "export const x: number = Math.random();", "no-restricted-properties"],
    "a pure stage that makes up an id": ["src/detect/b.ts", 'export { randomUUID } from "node:crypto";', "no-restricted-imports"],
    "a pure stage that looks at the clock": ["src/csn/a.ts", "export const x: Date = new Date();", "no-restricted-globals"],
    "a pure stage that fetches": ["src/model/a.ts", 'export const x: unknown = globalThis.fetch("/");', "no-restricted-globals"],
    "an engine that looks at the clock": ["src/engine/a.ts", "export const x: number = Date.now();", "no-restricted-properties"],
    "a stage that calls back the one that joins it": ["src/apply/a.ts", 'import "../engine/y.ts";', "no-restricted-imports"],
    "a model that knows a port": ["src/model/b.ts", 'export type { Y } from "../ports/y.ts";', "no-restricted-imports"],
    "a sandbox that borrows from the connector it judges": [
      "src/sandbox/glue/a.ts",
      'import "../../connectors/glue/y.ts";',
      "no-restricted-imports",
    ],
    "a connector that imports another": ["src/connectors/glue/a.ts", 'import "../memory/y.ts";', "no-restricted-imports"],
    "a store that imports another, from a deeper folder": [
      "src/stores/json/v1/a.ts",
      'import "../../sqlite/y.ts";',
      "no-restricted-imports",
    ],
    "what stores share that imports a store": ["src/stores/shared/a.ts", 'import "../sqlite/y.ts";', "no-restricted-imports"],
    "a store that imports a connector": ["src/stores/json/a.ts", 'import "../../connectors/glue/y.ts";', "no-restricted-imports"],
    "a library that imports the command line": ["src/config/a.ts", 'import "../cli/y.ts";', "no-restricted-imports"],
    "an engine that imports what only tests may": ["src/engine/b.ts", 'import "../testing/y.ts";', "no-restricted-imports"],
    "values of csn in detect": ["src/detect/c.ts", 'export { y } from "../csn/y.ts";', "no-restricted-imports"],
    "a public surface with the command line in it": ["src/index.ts", 'export { y } from "./cli/y.ts";', "no-restricted-imports"],
    "a promise that nobody awaits": ["src/cli/a.ts", "async function f(): Promise<void> {}\nf();", "no-floating-promises"],
    "a switch that forgets a case": [
      "src/cli/b.ts",
      'export function f(k: "a" | "b"): void {\n  switch (k) {\n    case "a":\n  }\n}',
      "switch-exhaustiveness-check",
    ],
    "two files that import each other": ["src/cli/c.ts", 'import { x } from "./y.ts";\nexport const y: unknown = x;', "no-cycle"],
  } as const;
  const accepted = {
    "a connector's own parts, the ports and csn": [
      "src/connectors/glue/c.ts",
      'export * from "./y.ts";\nexport * from "../../csn/y.ts";\nexport * from "../../ports/y.ts";',
    ],
    "what stores share, in a store": ["src/stores/json/b.ts", 'export * from "../shared/y.ts";'],
    "a connector's own parts from a deeper folder": ["src/connectors/glue/deep/c.ts", 'export * from "../y.ts";'],
    "types of csn and a hash in detect": [
      "src/detect/d.ts",
      'export type { Y } from "../csn/y.ts";\nexport { createHash } from "node:crypto";',
    ],
    "whatever a unit test stages": ["src/detect/d.test.ts", 'export * from "../testing/y.ts";\nexport * from "node:fs";'],
  } as const;

  let findings: readonly string[] = [];
  beforeAll(async () => {
    const cases = [...Object.values(refused), ...Object.values(accepted)].map(([path, text]) => [path, text]);
    findings = await lint(Object.fromEntries([...cases, ["src/cli/y.ts", 'import { y } from "./c.ts";\nexport const x: unknown = y;']]));
  });

  test.for(Object.entries(refused))("refuses %s", ([, [path, , rule]]) => {
    expect(findings.filter((finding) => finding.startsWith(`${path}:`))).toContain(`${path}:${rule}`);
  });

  test.for(Object.entries(accepted))("accepts %s", ([, [path]]) => {
    expect(findings.filter((finding) => finding.startsWith(`${path}:`))).toEqual([]);
  });
});

/** Lints a tree of these files under the project's own settings; answers with `path:rule` of each finding. */
async function lint(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const tree = mkdtempSync(join(tmpdir(), "tidemark-layers-"));
  try {
    for (const name of ["oxlint.config.ts", "tsconfig.json"]) cpSync(join(root, name), join(tree, name));
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const oxlint = [join(root, "node_modules/oxlint/bin/oxlint"), "--format", "json", "src"];
    const said = await new Promise<string>((done) => {
      execFile(process.execPath, oxlint, { cwd: tree, timeout: 60_000 }, (_error, stdout) => done(stdout));
    });
    const { diagnostics } = JSON.parse(said) as { diagnostics: readonly { filename: string; code: string }[] };
    return diagnostics.map(({ filename, code }) => `${filename}:${code.replace(/^.*\((.*)\)$/, "$1")}`);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
