import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { complete, CountingMeter, csn, entity, folderOf, line, signal, sourceOf, writeFiles } from "../../../test/helpers/csn-source.ts";
import { describeShared, sharedPath } from "../../../test/helpers/shared.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ReadResult } from "../../model/listing.ts";
import type { Disk, DiskEntry } from "./disk.ts";
import { createCsnSource } from "./source.ts";
import { NO_MEMORY } from "./space-memory.ts";

describeShared("the real exports", () => {
  test("are 21 assets, all of which can be read", async () => {
    const { list, read } = sourceOf(sharedPath("data", "csn"));
    const { listed, certificates, problems } = await list();
    expect({ certificates, problems }).toEqual({ certificates: [complete("HR", 8), complete("SALES", 13)], problems: [] });
    const results = await read(listed);
    expect(results.map(({ kind }) => kind)).toEqual(Array(21).fill("asset"));
    expect(new Set(results.map(({ id }) => id))).toEqual(new Set(listed.map(({ id }) => id)));
  });

  test("list the same from their definitions one a line", async () => {
    const files = ["DP_Headcount_Top_Management", "DP_Minimum_Wage", "DP_Salary_Analysis"].map(
      (name) => JSON.parse(readFileSync(sharedPath("data", "csn", "HR", `${name}.json`), "utf8")) as { readonly definitions: JsonObject },
    );
    const text = files
      .flatMap(({ definitions }) => Object.entries(definitions).map(([name, definition]) => line(name, definition)))
      .join("");
    const lines = sourceOf(folderOf({ "HR/all.ndjson": text }));
    const exports = sourceOf(sharedPath("data", "csn"));
    const [ofLines, ofExports] = [await lines.list(), (await exports.list()).listed.filter(({ scope }) => scope === "HR")];
    expect(ofLines).toMatchObject({ certificates: [complete("HR", 8)], problems: [] });
    const assets = async (results: Promise<ReadResult[]>) =>
      (await results)
        .map((result) => ({ id: result.id, asset: result.kind === "asset" && result.asset }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(await assets(lines.read(ofLines.listed))).toEqual(await assets(exports.read(ofExports)));
  });
});

describe("a read", () => {
  test("answers each item once, with the configured owners, stewards and tags", async () => {
    const path = folderOf({ "S/a.json": csn({ A: entity() }), "S/b.ndjson": line("B"), "T/a.json": csn({ C: entity() }) });
    const source = createCsnSource({
      path,
      owners: { S: "ann" },
      stewards: { "S.A": "bob" },
      tags: { "*.B": ["t"] },
      meter: new CountingMeter(),
    });
    const listed = (await Array.fromAsync(source.list({ signal, memory: NO_MEMORY, known: new Set() }))).flatMap((event) =>
      event.kind === "listed" ? event.items : [],
    );
    const results = await Array.fromAsync(source.read(listed, { signal }));
    expect(results.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      {
        id: "S.A",
        token: listed.find(({ id }) => id === "S.A")?.token,
        warnings: [],
        asset: { content: { owner: "ann" }, metadata: { custom_properties: { steward: "bob" } } },
      },
      { id: "S.B", asset: { content: { owner: "ann" }, metadata: { tags: ["t"] } } },
      { id: "T.C", asset: { content: { owner: null }, metadata: { tags: [] } } },
    ]);
    await source.close();
  });

  test("keeps every number as it was written", async () => {
    const { list, read } = sourceOf(
      folderOf({
        "S/a.json": '{"definitions": {"A": {"kind": "entity", "@x": [1.0, 12345678901234567890, 1e-7]}}}',
        "S/b.ndjson": '{"name":"B","definition":{"kind":"entity","@x":[1.0]}}',
      }),
    );
    const results = await read((await list()).listed);
    expect(
      results.map((result) => result.kind === "asset" && JSON.stringify(result.asset.metadata.custom_properties["annotations"])).toSorted(),
    ).toEqual(['{"@x":[1.0,12345678901234567890,1e-07]}', '{"@x":[1.0]}']);
  });

  const deep = (levels: number): string => `{"kind":"entity","@x":${"[".repeat(levels)}${"]".repeat(levels)}}`;

  test.each<[string, string, string, string]>([
    ["is too deep", deep(64), "asset_too_deep", `it is nested deeper than 64 levels at /@x${"/0".repeat(63)}`],
    ["is far too deep", deep(5_000_000), "asset_too_deep", `it is nested deeper than 64 levels at /@x${"/0".repeat(63)}`],
    ["is no object", "null", "asset_unreadable", "its definition is no object"],
    ["has elements that are none", '{"kind":"entity","elements":[]}', "asset_unreadable", "its elements are no object but an array"],
    [
      "has a number beyond all doubles",
      '{"kind":"entity","@x":1e999}',
      "value_unrepresentable",
      "the number 1e999 at /@x is beyond what a double can hold",
    ],
  ])("of a definition that %s fails alone", async (_case, definition, code, why) => {
    for (const [file, text] of [
      ["a.json", `{"definitions": {"Bad": ${definition}, "Good": {"kind":"entity"}}}`] as const,
      ["a.ndjson", `{"name":"Bad","definition":${definition}}\n${line("Good")}`] as const,
    ]) {
      const { list, read } = sourceOf(folderOf({ [`S/${file}`]: text }));
      const { listed, certificates } = await list();
      expect(certificates).toEqual([complete("S", 2)]);
      const results = await read(listed);
      expect(results).toHaveLength(2);
      expect(results).toContainEqual({
        kind: "failed",
        id: "S.Bad",
        problem: { asset_id: "S.Bad", code, message: `S.Bad in S/${file} could not be read: ${why}.` },
      });
      expect(results).toContainEqual(expect.objectContaining({ kind: "asset", id: "S.Good" }));
    }
  });

  test("of a line that is broken inside fails with its asset's name", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.ndjson": '{"name":"A","definition":{"kind":"entity","x":nul}}' }));
    const { listed } = await list();
    expect(await read(listed)).toMatchObject([
      {
        kind: "failed",
        id: "S.A",
        problem: {
          code: "asset_unreadable",
          message: 'S.A in S/a.ndjson could not be read: line 1, column 47 of the JSON should have a value and has "n".',
        },
      },
    ]);
  });

  test("of a line that says another name after all fails", async () => {
    const { list, read } = sourceOf(
      folderOf({ "S/a.ndjson": '{"name":"A","definition":{"kind":"entity"},"name":"B","definition":{"kind":"entity"}}' }),
    );
    expect(await read((await list()).listed)).toMatchObject([
      { kind: "failed", problem: { message: 'S.A in S/a.ndjson could not be read: its line says the name "B".' } },
    ]);
  });

  test.each<[string, (root: string) => void, RegExp]>([
    [
      "changed",
      (root) => writeFiles(root, { "S/a.json": csn({ A: entity({ "@x": 2 }), B: entity() }) }),
      /it changed after it was listed; run again/,
    ],
    ["became shorter", (root) => writeFiles(root, { "S/a.json": "{}" }), /it changed after it was listed; run again/],
    ["vanished", (root) => rmSync(join(root, "S/a.json")), /ENOENT/],
  ])("of a file that %s since the listing fails rather than guess", async (_case, change, why) => {
    const root = folderOf({ "S/a.json": csn({ A: entity({ "@x": 1 }), B: entity() }), "S/b.json": csn({ C: entity() }) });
    const { list, read } = sourceOf(root);
    const { listed } = await list();
    change(root);
    const results = await read(listed);
    expect(results.map(({ id }) => id).toSorted()).toEqual(["S.A", "S.B", "S.C"]);
    expect(results.find(({ id }) => id === "S.A")).toMatchObject({
      kind: "failed",
      problem: { asset_id: "S.A", code: "asset_unreadable", message: expect.stringMatching(why) },
    });
    expect(results.find(({ id }) => id === "S.C")).toMatchObject({ kind: "asset" });
  });

  test("finds a definition again whose file was written anew around it", async () => {
    const definitions = { A: entity({ "@x": "ä" }), B: entity(), C: entity() };
    const layers = { businessLayerDefinitions: { B: { x: 1 } } };
    const root = folderOf({ "S/a.json": csn(definitions, layers), "S/b.ndjson": line("D") + line("E") });
    const { list, read } = sourceOf(root);
    const { listed } = await list();
    const before = await read(listed);
    const { C: _C, ...others } = definitions;
    writeFiles(root, {
      "S/a.json": csn({ New: entity(), Same: entity(), ...others }, layers),
      "S/b.ndjson": `${line("New2")}${line("E")}broken`,
    });
    const after = await read(listed);
    const failures = after.flatMap((result) => (result.kind === "failed" ? [result.problem.message] : []));
    expect(failures.toSorted()).toEqual([
      "S.C in S/a.json could not be read: it changed after it was listed; run again.",
      "S.D in S/b.ndjson could not be read: it changed after it was listed; run again.",
    ]);
    expect(after.filter(({ kind }) => kind === "asset")).toEqual(before.filter(({ id }) => id !== "S.C" && id !== "S.D"));
  });

  test("opens each file once, and reads no more than it must", async () => {
    const { list, read, meter } = sourceOf(
      folderOf({ "S/a.json": csn({ A: entity(), B: entity() }, { editorSettings: "x".repeat(100_000) }), "S/b.ndjson": line("C") }),
    );
    const { listed } = await list();
    expect(meter.reading()).toEqual({ requests: 2, bytes: { sent: 0, received: expect.any(Number) } });
    meter.costs = [];
    await read(listed);
    expect(meter.costs).toHaveLength(2);
    expect(meter.reading().bytes.received).toBeLessThan(500);
  });
});

describe("a confirmation", () => {
  test("says gone only of what a readable space does not hold", async () => {
    const { confirm } = sourceOf(
      folderOf({
        "S/a.json": csn({ A: entity(), Stub: entity({ "@cds.persistence.exists": true }) }),
        "S/b.ndjson": line("B"),
        "BROKEN/a.json": csn({ A: entity() }),
        "BROKEN/b.json": "{",
        EMPTY: null,
        "no space/a.json": csn({ A: entity() }),
      }),
    );
    expect(
      Object.fromEntries(
        await confirm("S.A", "S.B", "S.Stub", "S.Gone", "BROKEN.A", "BROKEN.Gone", "EMPTY.Gone", "MISSING.Gone", "no space.A"),
      ),
    ).toEqual({
      "S.A": "present",
      "S.B": "present",
      "S.Stub": "gone",
      "S.Gone": "gone",
      "BROKEN.A": "present",
      "BROKEN.Gone": "unknown",
      "EMPTY.Gone": "unknown",
      "MISSING.Gone": "unknown",
      "no space.A": "unknown",
    });
  });

  test("looks only into the spaces asked about", async () => {
    const { confirm, meter } = sourceOf(folderOf({ "S/a.json": csn({ A: entity() }), "T/a.json": csn({ A: entity() }) }));
    await confirm("S.A");
    expect(meter.costs).toHaveLength(1);
  });

  test("knows nothing while the root cannot be read or holds exports of no space", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity() }) });
    const { confirm } = sourceOf(root);
    writeFiles(root, { "loose.json": csn({}) });
    expect(await confirm("S.A", "S.Gone")).toEqual(
      new Map([
        ["S.A", "unknown"],
        ["S.Gone", "unknown"],
      ]),
    );
    rmSync(root, { recursive: true });
    expect(await confirm("S.A")).toEqual(new Map([["S.A", "unknown"]]));
  });

  test("passes a defect on", async () => {
    const broken = (real: Disk): Disk => ({ ...real, entries: () => Promise.resolve([null as unknown as DiskEntry]) });
    await expect(sourceOf(folderOf({}), { disk: broken, space: "S" }).confirm("S.A")).rejects.toThrow(TypeError);
  });
});

describe("what a pipeline's scope and basis hold", () => {
  test("is the configured space, never the folder", () => {
    expect(sourceOf("/anywhere").source).toMatchObject({ system: "datasphere", scope: { type: "csn" } });
    expect(sourceOf("/anywhere", { space: "S" }).source.scope).toEqual({ type: "csn", space: "S" });
  });

  test("is the mapping's version and what the configuration adds", () => {
    const options = { owners: { S: "ann" }, stewards: { S: "bob" }, tags: { S: ["t"] } };
    expect(createCsnSource({ ...options, path: "/anywhere", meter: new CountingMeter() }).basis).toEqual({ mapping: 1, overlay: options });
  });
});
