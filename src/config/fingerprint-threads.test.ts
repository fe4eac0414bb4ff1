import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csn, entity, folderOf, line, signal, writeFiles } from "../../test/helpers/csn-source.ts";
import { findChanges, type FoundChange } from "../engine/find-changes.ts";
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
  const open = (): Promise<Assembled> => assemble(config, undefined, { log: { event: () => undefined } });
  return {
    root,
    async sync() {
      await using parts = await open();
      await sync(parts, { signal });
    },
    async found(isThreaded: boolean) {
      await using parts = await open();
      const { openFingerprints: _threads, ...here } = parts;
      await using changes = await findChanges(isThreaded ? parts : here, { signal });
      const found: FoundChange[] = (await Array.fromAsync(changes.found())).flat();
      return { found, summary: changes.summary, problems: changes.problems, cost: parts.meters.source.reading().bytes.received };
    },
  };
}

const NAMES = Array.from({ length: 2_000 }, (_, n) => `T_${String(n).padStart(4, "0")}`);

test("threads find what is found without them, in the same order, and what they read counts as read", async () => {
  const label = (of: string) => NAMES.map((name) => line(name, entity({ "@EndUserText.label": `${of} ${name}` }))).join("");
  const pipeline = await aPipeline({ "exports/S/lines.ndjson": label("old"), "exports/S/some.json": csn({ X: entity() }) });
  await pipeline.sync();
  const broken = label("new").replace('"elements":{"ID":{"type":"cds.Integer"}},"@EndUserText.label":"new T_1900"', '"elements":[]');
  writeFiles(pipeline.root, { "exports/S/lines.ndjson": broken, "exports/S/some.json": csn({ X: entity(), Y: entity() }) });
  const [there, here] = [await pipeline.found(true), await pipeline.found(false)];
  expect({ ...there, cost: 0 }).toEqual({ ...here, cost: 0 });
  // Without what lies between two definitions: an end of line each.
  expect(here.cost - there.cost).toBeGreaterThan(1_500);
  expect(here.cost - there.cost).toBeLessThan(2_000);
  expect(there.summary).toMatchObject({ assets: 2_002, unchanged: 1, created: 1, modified: 1_999 });
  expect(there.problems).toMatchObject([{ asset_id: "S.T_1900", code: "asset_unreadable" }]);
});
