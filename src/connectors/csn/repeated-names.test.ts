import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complete, csn, entity, folderOf, line, sourceOf } from "../../../test/helpers/csn-source.ts";
import type { Asset } from "../../model/asset.ts";
import type { Json, JsonObject } from "../../model/json.ts";

describe("a name that is defined twice", () => {
  const one = entity({ "@x": 1 });
  const other = entity({ "@x": 2 });
  const noisy = { ...one, _meta: { dependencies: {} }, "@DataWarehouse.querybuilder.model": "{}" };

  async function outcome(files: { readonly [path: string]: string }) {
    const { list, read } = sourceOf(folderOf(files));
    const { listed, certificates, problems } = await list();
    const results = await read(listed);
    return {
      x: results.map((result) => result.kind === "asset" && (result.asset.metadata.custom_properties["annotations"] as JsonObject)["@x"]),
      certificates,
      messages: problems.map(({ message }) => message),
    };
  }

  test.each([
    ["in two exports", { "S/a.json": csn({ A: one }), "S/b.json": csn({ A: noisy }) }],
    ["byte for byte", { "S/a.json": csn({ A: one }), "S/b.json": csn({ A: one }) }],
    ["in an export and a line", { "S/a.json": csn({ A: one }), "S/b.ndjson": line("A", noisy) }],
    ["in a line and an export", { "S/a.ndjson": line("A", noisy), "S/b.json": csn({ A: one }) }],
    ["in two lines", { "S/a.ndjson": line("A", one) + line("A", noisy) }],
    ["three times", { "S/a.ndjson": line("A", one) + line("A", noisy) + line("A", { ...one, _meta: 2 }) }],
    ["in one export", { "S/a.json": `{"definitions": {"A": ${JSON.stringify(noisy)}, "A": ${JSON.stringify(one)}}}` }],
  ])("%s, the same after noise, is one asset", async (_case, files) => {
    expect(await outcome(files)).toEqual({ x: [1], certificates: [complete("S", 1)], messages: [] });
  });

  test.each<[string, { readonly [path: string]: string }, string]>([
    [
      "the later export",
      { "S/b.json": csn({ A: other }), "S/a.json": csn({ A: one }) },
      "S.A is defined differently in S/a.json and S/b.json; that of b.json, later in name order, was taken. Remove the stale export.",
    ],
    [
      "the later file of whatever kind",
      { "S/b.ndjson": line("A", other), "S/c.json": csn({ B: other }), "S/a.json": csn({ A: one }) },
      "S.A is defined differently in S/a.json and S/b.ndjson; that of b.ndjson, later in name order, was taken. Remove the stale export.",
    ],
    [
      "the later line",
      { "S/a.ndjson": line("A", one) + line("A", other) },
      "S.A is defined twice in S/a.ndjson, differently; the later definition was taken. Remove the stale one.",
    ],
    [
      "the later of one export",
      { "S/a.json": `{"definitions": {"A": ${JSON.stringify(one)}, "A": ${JSON.stringify(other)}}}` },
      "S.A is defined twice in S/a.json, differently; the later definition was taken. Remove the stale one.",
    ],
  ])("differently: %s wins, with a warning", async (_case, files, message) => {
    const { x, certificates, messages } = await outcome(files);
    expect(messages).toEqual([message]);
    expect(x.every((value) => value === 2)).toBe(true);
    expect(certificates[0]?.complete).toBe(true);
  });

  test("by code point, not by locale: Z comes before a", async () => {
    expect(await outcome({ "S/Z.json": csn({ A: one }), "S/a.json": csn({ A: other }) })).toMatchObject({ x: [2] });
  });

  test("once as a stand-in for an object elsewhere is defined once", async () => {
    expect(await outcome({ "S/a.json": csn({ A: one }), "S/b.json": csn({ A: entity({ "@cds.persistence.exists": true }) }) })).toEqual({
      x: [1],
      certificates: [complete("S", 1)],
      messages: [],
    });
  });

  test("in two spaces is two assets", async () => {
    expect(await outcome({ "S/a.json": csn({ A: one }), "T/a.json": csn({ A: other }) })).toMatchObject({ x: [1, 2], messages: [] });
  });

  test("where one makes no asset differs from it, also from another that makes none", async () => {
    const bad = { kind: "entity", elements: [] };
    expect((await outcome({ "S/a.json": csn({ A: bad }), "S/b.json": csn({ A: one }) })).messages).toHaveLength(1);
    expect((await outcome({ "S/a.json": csn({ A: { ...bad, x: 1 } }), "S/b.json": csn({ A: bad }) })).messages).toHaveLength(1);
    expect((await outcome({ "S/a.ndjson": `{"name":"A","definition":{"kind":"entity",}}\n${line("A", one)}` })).messages).toHaveLength(1);
    expect((await outcome({ "S/a.ndjson": `${line("A", one)}{"name":"A","definition":{"kind":"entity",}}\n` })).messages).toHaveLength(1);
  });

  test("with a business layer that differs differs", async () => {
    const layer = (x: Json) => ({ businessLayerDefinitions: { A: { x, version: "1" } } });
    expect((await outcome({ "S/a.json": csn({ A: one }, layer(1)), "S/b.json": csn({ A: one }, layer(2)) })).messages).toHaveLength(1);
    expect((await outcome({ "S/a.json": csn({ A: one }, layer(1)), "S/b.json": csn({ A: noisy }, layer(1)) })).messages).toHaveLength(0);
  });

  test("however its definitions are spread, the last one counts and each that says otherwise is told", async () => {
    const definitions = fc.array(fc.tuple(fc.constantFrom("A", "B", "C"), fc.constantFrom(1, 2), fc.boolean()), { maxLength: 4 });
    const file = fc.record({ lines: fc.boolean(), definitions });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 3 }), async (files) => {
        const inOrder = files.flatMap(({ definitions: some }) => some);
        const last = new Map(inOrder.map(([name, x]) => [name, x]));
        const { listed, certificates, problems, read } = await listingOf(files);
        const assets = (await read(listed)).map((result) => [result.id.slice(2), result.kind === "asset" && customX(result.asset)]);
        expect(new Map(assets as [string, unknown][])).toEqual(last);
        expect(listed).toHaveLength(last.size);
        expect(certificates).toEqual([complete("S", last.size)]);
        expect(problems).toHaveLength(inOrder.filter(([name, x]) => last.get(name) !== x).length);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

interface SpreadFile {
  readonly lines: boolean;
  readonly definitions: readonly (readonly [name: string, x: number, noisy: boolean])[];
}

async function listingOf(files: readonly SpreadFile[]) {
  const texts = files.map(({ lines, definitions }, i): [string, string] => {
    const written = definitions.map(
      ([name, x, noisy]) => [name, entity({ "@x": x, ...(noisy ? { _meta: { noise: true } } : {}) })] as const,
    );
    if (lines) return [`S/${i}.ndjson`, written.map(([name, definition]) => line(name, definition)).join("")];
    return [`S/${i}.json`, `{"definitions":{${written.map(([name, definition]) => `"${name}":${JSON.stringify(definition)}`).join(",")}}}`];
  });
  const tested = sourceOf(folderOf({ S: null, ...Object.fromEntries(texts) }));
  return { ...(await tested.list()), read: tested.read };
}

function customX(asset: Asset): unknown {
  return (asset.metadata.custom_properties["annotations"] as JsonObject)["@x"];
}
