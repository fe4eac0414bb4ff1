import { describe, expect, test } from "vitest";
import { complete, CountingMeter, csn, entity, folderOf, line, sourceOf, writeFiles } from "../../../test/helpers/csn-source.ts";
import type { Disk } from "./disk.ts";
import { createCsnSource } from "./source.ts";
import { NO_MEMORY } from "./space-memory.ts";

describe("a listing", () => {
  test("an export of flows alone made the listing incomplete: it is passed over, and every run names it in a warning", async () => {
    const flows = JSON.stringify({ dataflows: { LOAD: { kind: "sap.dis.dataflow", contents: {} } } });
    const { list } = sourceOf(folderOf({ "S/a.json": csn({ A: entity() }), "S/flows.json": flows }));
    const expected = {
      ids: ["S.A"],
      certificates: [complete("S", 1)],
      problems: [{ code: "flows_ignored", scope: "S", message: expect.stringMatching(/^S\/flows\.json holds flows/) }],
    };
    expect(await list()).toMatchObject(expected);
    expect(await list()).toMatchObject(expected);
  });

  test("holds the entities of every space's exports, and a certificate for each space", async () => {
    const { list } = sourceOf(
      folderOf({
        "SALES/a.json": csn({ Orders: entity(), SAP: { kind: "context" }, Stub: entity({ "@cds.persistence.exists": true }) }),
        "SALES/b.ndjson": line("Items") + line("Ctx", { kind: "context" }) + line("Stub2", entity({ "@cds.persistence.exists": true })),
        "HR/x.JSON": csn({ People: entity() }),
        "HR/notes.txt": "no export",
        EMPTY: null,
        "README.md": "no export",
      }),
    );
    expect(await list()).toMatchObject({
      ids: ["HR.People", "SALES.Items", "SALES.Orders"],
      certificates: [complete("EMPTY", 0), complete("HR", 1), complete("SALES", 2)],
      problems: [],
    });
  });

  test("comes in batches of a thousand", async () => {
    const lines = Array.from({ length: 2_500 }, (_, i) => line(`A${i}`)).join("");
    const events = await sourceOf(folderOf({ "S/a.ndjson": lines })).events();
    expect(events.map((event) => (event.kind === "listed" ? event.items.length : event.kind))).toEqual([1_000, 1_000, 500, "certificate"]);
    const all = events.flatMap((event) => (event.kind === "listed" ? event.items : []));
    expect(new Set(all.map(({ id }) => id)).size).toBe(2_500);
    // A batch has the order of its file.
    expect(all.slice(0, 2).map(({ id }) => id)).toEqual(["S.A1500", "S.A1501"]);
  });

  test("gives equal bytes equal tokens, and other bytes others, whatever else moved in the file", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity(), B: entity() }), "S/b.ndjson": line("C") + line("D") });
    const { list } = sourceOf(root);
    const tokens = async () => Object.fromEntries((await list()).listed.map(({ id, token }) => [id, token]));
    const before = await tokens();
    writeFiles(root, {
      "S/a.json": csn({ New: entity(), A: entity({ "@EndUserText.label": "x" }), B: entity() }, { editorSettings: 1 }),
      "S/b.ndjson": `${line("New2")}${line("C")}${line("D", { kind: "entity" })}`,
    });
    const after = await tokens();
    expect([
      after["S.A"] === before["S.A"],
      after["S.B"] === before["S.B"],
      after["S.C"] === before["S.C"],
      after["S.D"] === before["S.D"],
    ]).toEqual([false, true, true, false]);
    expect(before["S.A"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("moves the token of an analytic model with its business layer", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { A: { x: 1 } } }) });
    const { list, read } = sourceOf(root);
    const before = (await list()).listed;
    expect(await read(before)).toMatchObject([
      { asset: { asset_type: "analytic_model", metadata: { custom_properties: { business_layer: { x: 1 } } } } },
      { asset: { asset_type: "table" } },
    ]);
    writeFiles(root, { "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { A: { x: 2 } } }) });
    const after = (await list()).listed;
    expect(after.map(({ token }, i) => token === before[i]?.token)).toEqual([false, true]);
  });

  test("tolerates a byte order mark, CRLF, blank lines and a missing last end of line", async () => {
    const { list, read } = sourceOf(
      folderOf({
        "S/a.json": `\u{feff}${csn({ A: entity() })}`,
        "S/b.ndjson": `\u{feff}${line("B")}\r\n  \r\n${line("C").trim()}\r\n${line("D").trim()}`,
        "S/empty.ndjson": "",
      }),
    );
    const { listed, ids, certificates } = await list();
    expect({ ids, certificates }).toEqual({ ids: ["S.A", "S.B", "S.C", "S.D"], certificates: [complete("S", 4)] });
    expect((await read(listed)).map(({ kind }) => kind)).toEqual(["asset", "asset", "asset", "asset"]);
  });

  test("takes lines in any JSON form", async () => {
    const forms = [
      '{"name": "A", "definition": {"kind": "entity"}}',
      '{"name":"B","definition":{"kind":"entity"}}',
      '{"definition":{"kind":"entity"},"name":"C"}',
      '{"name":"D","definition":{"elements":{},"kind":"entity"}}',
      '{"name":"\\u0045","definition":{"kind":"entity"}}',
      '{"name":"Ü","definition":{"kind":"entity"}}',
      '{"name":"G","definition":{"kind":"entity"},"more":1}',
      '{"name":"H","definition":{"kind":"entity","\\u0040cds.persistence.exists":false}}',
      ` {"name":"${"I".repeat(300)}","definition":{"kind":"entity"}} `,
    ];
    const none = [
      '{"name":"X1","definition":{"kind":"entity","@cds.persistence.exists":true}}',
      '{"name":"X2","definition":{"kind":"entity","@cd\\u0073.persistence.exists":true}}',
      '{"name":"X3","definition":{"kind":"context"}}',
    ];
    const { list, read } = sourceOf(folderOf({ "S/a.ndjson": [...forms, ...none].join("\n") }));
    const { listed, ids, certificates } = await list();
    expect(ids).toEqual(["S.A", "S.B", "S.C", "S.D", "S.E", "S.G", "S.H", `S.${"I".repeat(300)}`, "S.Ü"]);
    expect(certificates).toEqual([complete("S", 9)]);
    expect((await read(listed)).filter(({ kind }) => kind === "failed")).toEqual([]);
  });

  test("holds a name of many characters, and one named __proto__", async () => {
    const { list, read } = sourceOf(
      folderOf({
        "S/a.json": `{"definitions": {"__proto__": {"kind": "entity", "elements": {"__proto__": {"type": "cds.Date"}}}, "${"N".repeat(1024)}": {"kind": "entity"}}}`,
      }),
    );
    const { listed, problems } = await list();
    expect([listed.length, problems]).toEqual([2, []]);
    expect(await read(listed)).toMatchObject([
      { id: "S.__proto__", asset: { schema: { columns: [{ name: "__proto__", type: "cds.Date" }] } } },
      { kind: "asset" },
    ]);
  });

  test.each([
    ["empty", "", "is empty"],
    ["too long", "N".repeat(1025), `is longer than 1024 characters (${"N".repeat(40)}…)`],
    ["half a surrogate pair", "\ud800", '"\\ud800" holds a character that cannot be stored'],
    ["a zero", "A\0", '"A\\u0000" holds a character that cannot be stored'],
  ])("refuses a name that is %s, with a problem of its own", async (_case, name, why) => {
    const { list } = sourceOf(folderOf({ "S/a.json": csn({ [name]: entity(), A: entity() }) }));
    expect(await list()).toMatchObject({
      ids: ["S.A"],
      certificates: [complete("S", 1)],
      problems: [{ scope: "S", code: "asset_unreadable", message: `A definition in S/a.json cannot be an asset: its name ${why}.` }],
    });
  });

  test("counts characters of a name, not what they are made of", async () => {
    const { list } = sourceOf(folderOf({ "S/a.json": csn({ ["\u{1F600}".repeat(1024)]: entity() }) }));
    expect((await list()).problems).toEqual([]);
  });

  test("stops at once when the run is interrupted", async () => {
    const interrupted = AbortSignal.abort(new Error("enough"));
    const { source } = sourceOf(folderOf({ "S/a.json": csn({ A: entity() }) }));
    await expect(Array.fromAsync(source.list({ signal: interrupted, memory: NO_MEMORY, known: new Set() }))).rejects.toThrow("enough");
    await expect(
      Array.fromAsync(
        source.read([{ id: "S.A", scope: "S", token: "", locator: { file: "S/a.json", at: 0, length: 1 } }], { signal: interrupted }),
      ),
    ).rejects.toThrow("enough");
  });

  test("stops within a space when the run is interrupted there", async () => {
    const controller = new AbortController();
    const interrupting = (real: Disk): Disk => ({
      ...real,
      open(file) {
        controller.abort(new Error("enough"));
        return real.open(file);
      },
    });
    const { source } = sourceOf(folderOf({ "S/a.json": csn({ A: entity() }), "S/b.json": "broken" }), { disk: interrupting });
    await expect(Array.fromAsync(source.list({ signal: controller.signal, memory: NO_MEMORY, known: new Set() }))).rejects.toThrow(
      "enough",
    );
  });
});

describe("files in the root", () => {
  test("belong to the configured space, together with those of its folder", async () => {
    const root = folderOf({
      "b.json": csn({ Root: entity(), Both: entity({ "@x": "root" }) }),
      "SALES/a.json": csn({ Folder: entity() }),
      "SALES/c.json": csn({ Both: entity({ "@x": "folder" }) }),
      "HR/a.json": csn({ P: entity() }),
    });
    const { list, read } = sourceOf(root, { space: "SALES" });
    const { listed, ids, certificates, problems } = await list();
    expect({ ids, certificates }).toEqual({
      ids: ["HR.P", "SALES.Both", "SALES.Folder", "SALES.Root"],
      certificates: [complete("HR", 1), complete("SALES", 3)],
    });
    expect(problems).toMatchObject([
      {
        code: "duplicate_definition",
        message: expect.stringContaining("defined differently in b.json and SALES/c.json; that of c.json, later in name order, was taken"),
      },
    ]);
    const both = listed.filter(({ id }) => id === "SALES.Both");
    expect(await read(both)).toMatchObject([{ asset: { metadata: { custom_properties: { annotations: { "@x": "folder" } } } } }]);
  });

  test("of the same name as one in the folder come before it", async () => {
    const { list, read } = sourceOf(
      folderOf({ "a.json": csn({ A: entity({ "@x": 1 }) }), "aaa/a.json": csn({ A: entity({ "@x": 2 }) }) }),
      { space: "aaa" },
    );
    expect(await read((await list()).listed)).toMatchObject([{ asset: { metadata: { custom_properties: { annotations: { "@x": 2 } } } } }]);
  });

  test("may be all there is, and the configured space may be empty", async () => {
    expect(await sourceOf(folderOf({ "a.ndjson": line("A") }), { space: "SALES" }).list()).toMatchObject({
      ids: ["SALES.A"],
      certificates: [complete("SALES", 1)],
    });
    expect(await sourceOf(folderOf({}), { space: "SALES" }).list()).toMatchObject({ ids: [], certificates: [complete("SALES", 0)] });
  });

  test("without a configured space are an error that names the way out", async () => {
    const error = await sourceOf(folderOf({ "a.json": csn({}), "b.ndjson": "", "c.json": "", "d.json": "", "HR/a.json": csn({}) }))
      .list()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "config_invalid",
      message: "Exports in the root of the source's folder belong to no space: a.json, b.ndjson, c.json and 1 more.",
      remedy: "Move them into a folder that bears their space's name, or give that name as the source's `space`.",
    });
    await expect(sourceOf(folderOf({ "a.json": csn({}) })).list()).rejects.toThrow("belong to no space: a.json.");
  });

  test("belong to no space with an impossible name", () => {
    expect(() =>
      createCsnSource({ owners: {}, stewards: {}, tags: {}, path: "/nowhere", space: "a.b", meter: new CountingMeter() }),
    ).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: 'The source\'s space "a.b" is no name of a space, which has only letters, digits and "_".',
      }),
    );
  });
});
