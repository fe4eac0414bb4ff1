import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EDITS } from "./edits.ts";
import { tenant } from "./tenant.ts";
import { writeTenant, type WriteOptions } from "./write-tenant.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidemark-tenant-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const options: WriteOptions = { assets: 120, seed: 4, perFile: 20 };

test("an export file holds definitions of one space, by-catch that is no asset, and the editor's settings", async () => {
  await writeTenant(folder, options);
  const assets = new Map<string, unknown>();
  let settings = 0;
  for (const [path, text] of await filesIn(folder)) {
    const document = JSON.parse(text) as { definitions: Record<string, Record<string, unknown>>; editorSettings?: object };
    const own = Object.entries(document.definitions).filter(
      ([, definition]) => definition["kind"] === "entity" && definition["@cds.persistence.exists"] !== true,
    );
    expect(own.length).toBeLessThanOrEqual(20);
    for (const [name, definition] of own) assets.set(`${path.split("/")[0]}.${name}`, definition);
    settings += Object.keys(document.editorSettings ?? {}).length;
  }
  expect(assets).toEqual(new Map([...tenant(options)].map(({ space, name, definition }) => [`${space}.${name}`, definition])));
  expect(settings).toBeGreaterThan(20);
});

test("as lines, each space is one file of definitions", async () => {
  const written = await writeTenant(folder, { ...options, format: "ndjson" });
  const files = await filesIn(folder);
  const lines = [...files.values()].flatMap((text) => text.trimEnd().split("\n"));
  expect([...files.keys()].every((path) => path.endsWith("/definitions.ndjson"))).toBe(true);
  expect(lines.length).toBe(options.assets);
  expect(written).toEqual({ files: files.size, bytes: [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0) });
});

test("written twice, a tenant is the same to the byte", async () => {
  await writeTenant(folder, options);
  const first = await filesIn(folder);
  await writeTenant(folder, options);
  expect(await filesIn(folder)).toEqual(first);
});

test("exported anew, nothing but the editor's settings differs", async () => {
  const definitions = (files: ReadonlyMap<string, string>): unknown =>
    [...files.values()].map((text) => (JSON.parse(text) as { definitions: unknown }).definitions);
  await writeTenant(folder, options);
  const first = await filesIn(folder);
  await writeTenant(folder, { ...options, export: 1 });
  const second = await filesIn(folder);
  expect(second).not.toEqual(first);
  expect(definitions(second)).toEqual(definitions(first));
});

test("after a round the same files hold the same assets, those that changed as they now are", async () => {
  await writeTenant(folder, options);
  const first = await filesIn(folder);
  await writeTenant(folder, { ...options, rounds: [{ share: 0.01, edits: EDITS }] });
  const second = await filesIn(folder);
  expect([...second.keys()]).toEqual([...first.keys()]);
  expect([...second].filter(([path, text]) => first.get(path) !== text).length).toBe(1);
});

async function filesIn(root: string): Promise<ReadonlyMap<string, string>> {
  const paths = (await readdir(root, { recursive: true }))
    .filter((path) => path.includes("export_") || path.endsWith(".ndjson"))
    .toSorted();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const)));
}
