import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CountingMeter, csn, entity, folderOf, line, signal, sourceOf, writeFiles } from "../../../test/helpers/csn-source.ts";
import { openDisk } from "./disk.ts";
import { NO_MEMORY } from "./space-memory.ts";
import { csnSource } from "./source.ts";

const FILES = {
  "S/a.json": csn({ A: entity(), B: entity() }),
  "S/b.ndjson": line("C") + line("D"),
  "T/long.ndjson": Array.from({ length: 5_000 }, (_, n) => line(`T${n}`)).join(""),
};

/** A folder that was listed once, and what is asked of it again. */
async function listed(files: Record<string, string | null> = FILES) {
  const root = folderOf(files);
  const meter = new CountingMeter();
  const source = csnSource(openDisk(root, meter), { owners: {}, stewards: {}, tags: {} });
  const tokens = new Map<string, string>();
  for await (const event of source.list({ signal, memory: NO_MEMORY, known: new Set(), tellsTokens: true }))
    if (event.kind === "certificate" && event.token !== undefined) tokens.set(event.certificate.scope, event.token);
  meter.costs = [];
  return { root, meter, tokens, isAsListed: () => source.isAsListed?.(tokens, { signal }) };
}

test("exports that have the bytes they had are as they were listed, whenever they were written", async () => {
  const { root, isAsListed, tokens } = await listed();
  expect([...tokens.keys()]).toEqual(["S", "T"]);
  writeFiles(root, FILES);
  expect(await isAsListed()).toBe(true);
});

test.each<[string, (root: string) => void]>([
  ["one letter in a short export", (root) => writeFiles(root, { "S/b.ndjson": line("C") + line("E") })],
  ["one letter deep in a long one", (root) => writeFiles(root, { "T/long.ndjson": FILES["T/long.ndjson"].replace('"T7"', '"T_"') })],
  ["a document's key, of the same length", (root) => writeFiles(root, { "S/a.json": FILES["S/a.json"].replace('"B"', '"X"') })],
  ["an export's name, which decides what counts", (root) => renameSync(join(root, "S/b.ndjson"), join(root, "S/0.ndjson"))],
  ["an empty export beside the others", (root) => writeFiles(root, { "S/c.ndjson": "" })],
  ["an export that is gone", (root) => rmSync(join(root, "S/b.ndjson"))],
  ["a space that is gone", (root) => rmSync(join(root, "S"), { recursive: true })],
  ["a space more", (root) => writeFiles(root, { U: null })],
  ["a folder inside a space, which a listing tells", (root) => writeFiles(root, { "S/deep": null })],
  ["an export that moved to another space", (root) => renameSync(join(root, "S/b.ndjson"), join(root, "T/b.ndjson"))],
])("they are not after a change of %s", async (_, change) => {
  const { root, isAsListed } = await listed();
  change(root);
  expect(await isAsListed()).toBe(false);
});

test("where a size tells that something moved no export is read", async () => {
  const { root, meter, isAsListed } = await listed();
  writeFiles(root, { "T/long.ndjson": `${FILES["T/long.ndjson"]}${line("T5000")}` });
  expect(await isAsListed()).toBe(false);
  expect(meter.costs).toEqual([]);
});

test("each export is read once to tell that it is as it was", async () => {
  const { meter, isAsListed } = await listed();
  await isAsListed();
  const bytes = Object.values(FILES).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(meter.reading()).toEqual({ requests: 3, bytes: { sent: 0, received: bytes } });
});

test("an export that cannot be read is left to a listing, which names it", async () => {
  const { root, tokens } = await listed();
  const locked = { ...openDisk(root, new CountingMeter()), open: () => Promise.reject(new Error("EACCES: permission denied")) };
  expect(await csnSource(locked, { owners: {}, stewards: {}, tags: {} }).isAsListed?.(tokens, { signal })).toBe(false);
});

test("whoever interrupts it gets the reason, and not an answer", async () => {
  const { root, tokens } = await listed();
  const source = csnSource(openDisk(root, new CountingMeter()), { owners: {}, stewards: {}, tags: {} });
  await expect(source.isAsListed?.(tokens, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

test("a space that could not be listed whole has no token", async () => {
  const { tokens } = await listed({ ...FILES, "S/broken.json": "{" });
  expect([...tokens.keys()]).toEqual(["T"]);
});

test("who does not ask for tokens gets none, and nothing more is hashed for him", async () => {
  const events = await sourceOf(folderOf(FILES)).events();
  expect(events.filter((event) => "token" in event)).toEqual([]);
});
