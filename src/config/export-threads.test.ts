import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csn, entity, folderOf, line, signal, writeFiles } from "../../test/helpers/csn-source.ts";
import { findChanges, type FoundChange } from "../engine/find-changes.ts";
import type { Parts } from "../engine/parts.ts";
import { sync } from "../engine/sync.ts";
import { assemble, type Assembled } from "./assemble.ts";
import { loadConfig } from "./load.ts";

/** A pipeline from exports, and what it finds in threads and without. */
async function aPipeline(files: Record<string, string>) {
  const root = folderOf(files);
  const file = join(root, "tidemark.json");
  const pipelines = [{ name: "p", source: { type: "csn", path: "./exports" }, target: { type: "changefeed", path: "./feed" } }];
  await writeFile(file, JSON.stringify({ pipelines, checkpoint_management: { path: "./state" } }));
  const config = await loadConfig({ file, cwd: root, env: {} });
  const open = (stays = false): Promise<Assembled> => assemble(config, undefined, { log: { event: () => undefined }, stays });
  return {
    root,
    open,
    async sync() {
      await using parts = await open();
      await sync(parts, { signal });
    },
    async found(isThreaded: boolean) {
      await using parts = await open();
      const { fingerprints: _threads, ...here } = parts;
      const found = await foundBy(isThreaded ? parts : here);
      return { ...found, cost: parts.meters.source.reading().bytes.received };
    },
  };
}

async function foundBy(parts: Parts) {
  await using changes = await findChanges(parts, { signal });
  const found: FoundChange[] = (await Array.fromAsync(changes.found())).flat();
  return { found, summary: changes.summary, problems: changes.problems };
}

const lines = (of: string): string => NAMES.map((name) => line(name, entity({ "@EndUserText.label": `${of} ${name}` }))).join("");
/** So many that their lines are worth asking threads for. */
const NAMES = Array.from({ length: 2_500 }, (_, n) => `T_${String(n).padStart(4, "0")}`);

test("threads find what is found without them, in the same order, and what they read counts as read", async () => {
  const pipeline = await aPipeline({ "exports/S/lines.ndjson": lines("old"), "exports/S/some.json": csn({ X: entity() }) });
  await pipeline.sync();
  const broken = lines("new").replace('"elements":{"ID":{"type":"cds.Integer"}},"@EndUserText.label":"new T_1900"', '"elements":[]');
  writeFiles(pipeline.root, { "exports/S/lines.ndjson": broken, "exports/S/some.json": csn({ X: entity(), Y: entity() }) });
  const [there, here] = [await pipeline.found(true), await pipeline.found(false)];
  expect({ ...there, cost: 0 }).toEqual({ ...here, cost: 0 });
  // Without what lies between two definitions of a batch: an end of line each.
  expect(here.cost - there.cost).toBeGreaterThan(2_400);
  expect(here.cost - there.cost).toBeLessThan(2_500);
  expect(there.summary).toMatchObject({ assets: 2_502, unchanged: 1, created: 1, modified: 2_499 });
  expect(there.problems).toMatchObject([{ asset_id: "S.T_1900", code: "asset_unreadable" }]);
});

test("a process that stays finds each edit anew", async () => {
  const pipeline = await aPipeline({ "exports/S/lines.ndjson": lines("old") });
  await pipeline.sync();
  await using parts = await pipeline.open(true);
  for (const edited of [NAMES.length, 1, 500, 0]) {
    const wanted = NAMES.slice(0, edited);
    const text = [
      ...wanted.map((name) => line(name, entity({ "@EndUserText.label": `new ${name}` }))),
      ...lines("old")
        .split(/(?<=\n)/)
        .slice(edited),
    ];
    writeFiles(pipeline.root, { "exports/S/lines.ndjson": text.join("") });
    const { found, problems } = await foundBy(parts);
    expect(found.map(({ asset_id }) => asset_id)).toEqual(wanted.map((name) => `S.${name}`));
    expect(problems).toEqual([]);
  }
});

test("searches at the same time share threads, and each gets its own answers", async () => {
  const pipeline = await aPipeline({ "exports/S/lines.ndjson": lines("old") });
  await pipeline.sync();
  writeFiles(pipeline.root, { "exports/S/lines.ndjson": lines("new") });
  await using parts = await pipeline.open();
  const all = await Promise.all([foundBy(parts), foundBy(parts), foundBy(parts)]);
  for (const { found } of all) expect(found.map(({ asset_id }) => asset_id)).toEqual(NAMES.map((name) => `S.${name}`));
});
