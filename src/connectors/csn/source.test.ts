import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { describeShared, sharedPath } from "../../../test/helpers/shared.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { Listed, ListingEvent, ReadResult } from "../../model/listing.ts";
import type { Cost } from "../../model/report.ts";
import type { Meter } from "../../ports/meter.ts";
import { type Disk, type DiskEntry, openDisk } from "./disk.ts";
import { createCsnSource, csnSource } from "./source.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A folder of exports; a file whose text is null is a folder. */
function folderOf(files: { readonly [path: string]: string | Buffer | null }): string {
  const root = mkdtempSync(join(tmpdir(), "tidemark-csn-"));
  roots.push(root);
  write(root, files);
  return root;
}

function write(root: string, files: { readonly [path: string]: string | Buffer | null }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(text === null ? join(root, path) : dirname(join(root, path)), { recursive: true });
    if (text !== null) writeFileSync(join(root, path), text);
  }
}

const entity = (fields: JsonObject = {}): JsonObject => ({ kind: "entity", elements: { ID: { type: "cds.Integer" } }, ...fields });
const csn = (definitions: { readonly [name: string]: Json }, more: JsonObject = {}): string => JSON.stringify({ definitions, version: { csn: "1.0" }, ...more });
const line = (name: string, definition: Json = entity()): string => `${JSON.stringify({ name, definition })}\n`;

class CountingMeter implements Meter {
  costs: Cost[] = [];
  count(cost: Cost): void {
    this.costs.push(cost);
  }
  during<T>(_label: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
  reading(): Cost {
    return { requests: this.costs.length, bytes: { sent: 0, received: this.costs.reduce((sum, { bytes }) => sum + bytes.received, 0) } };
  }
}

const { signal } = new AbortController();
const NOTHING = { owners: {}, stewards: {}, tags: {} };

/** A source with all that its tests ask of it. */
function sourceOf(path: string, options: { readonly space?: string; readonly disk?: (real: Disk) => Disk } = {}) {
  const meter = new CountingMeter();
  const { space, disk = (real: Disk) => real } = options;
  const source = csnSource(disk(openDisk(path, meter)), { ...NOTHING, ...(space === undefined ? {} : { space }) });
  const remembered = new Map<string, Json>();
  // Through JSON, as a store would keep it.
  const memory = { get: (key: string) => Promise.resolve(remembered.get(key)), set: (key: string, value: Json) => void remembered.set(key, JSON.parse(JSON.stringify(value))) };
  const events = (known: readonly string[] = []): Promise<ListingEvent[]> => Array.fromAsync(source.list({ signal, memory, known: new Set(known) }));
  return {
    meter,
    remembered,
    source,
    events,
    async list(known: readonly string[] = []) {
      const all = await events(known);
      const listed = all.flatMap((event) => (event.kind === "listed" ? event.items : []));
      return {
        listed,
        ids: listed.map(({ id }) => id).toSorted(),
        certificates: all.flatMap((event) => (event.kind === "certificate" ? [event.certificate] : [])),
        problems: all.flatMap((event) => (event.kind === "problem" ? [event.problem] : [])),
      };
    },
    read: (items: readonly Listed[]): Promise<ReadResult[]> => Array.fromAsync(source.read(items, { signal })),
    confirm: (...ids: readonly string[]) => source.confirm(ids, { signal }),
  };
}

const complete = (scope: string, count: number) => ({ scope, complete: true, count });

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
    const files = ["DP_Headcount_Top_Management", "DP_Minimum_Wage", "DP_Salary_Analysis"].map((name) => JSON.parse(readFileSync(sharedPath("data", "csn", "HR", `${name}.json`), "utf8")) as { readonly definitions: JsonObject });
    const text = files.flatMap(({ definitions }) => Object.entries(definitions).map(([name, definition]) => line(name, definition))).join("");
    const lines = sourceOf(folderOf({ "HR/all.ndjson": text }));
    const exports = sourceOf(sharedPath("data", "csn"));
    const [ofLines, ofExports] = [await lines.list(), (await exports.list()).listed.filter(({ scope }) => scope === "HR")];
    expect(ofLines).toMatchObject({ certificates: [complete("HR", 8)], problems: [] });
    const assets = async (results: Promise<ReadResult[]>) => (await results).map((result) => ({ id: result.id, asset: result.kind === "asset" && result.asset })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(await assets(lines.read(ofLines.listed))).toEqual(await assets(exports.read(ofExports)));
  });
});

describe("a listing", () => {
  test("holds the entities of every space's exports, and a certificate for each space", async () => {
    const { list } = sourceOf(
      folderOf({
        "SALES/a.json": csn({ Orders: entity(), SAP: { kind: "context" }, Stub: entity({ "@cds.persistence.exists": true }) }),
        "SALES/b.ndjson": line("Items") + line("Ctx", { kind: "context" }) + line("Stub2", entity({ "@cds.persistence.exists": true })),
        "HR/x.JSON": csn({ People: entity() }),
        "HR/notes.txt": "no export",
        "EMPTY": null,
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
    write(root, { "S/a.json": csn({ New: entity(), A: entity({ "@EndUserText.label": "x" }), B: entity() }, { editorSettings: 1 }), "S/b.ndjson": `${line("New2")}${line("C")}${line("D", { kind: "entity" })}` });
    const after = await tokens();
    expect([after["S.A"] === before["S.A"], after["S.B"] === before["S.B"], after["S.C"] === before["S.C"], after["S.D"] === before["S.D"]]).toEqual([false, true, true, false]);
    expect(before["S.A"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("moves the token of an analytic model with its business layer", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { A: { x: 1 } } }) });
    const { list, read } = sourceOf(root);
    const before = (await list()).listed;
    expect(await read(before)).toMatchObject([{ asset: { asset_type: "analytic_model", metadata: { custom_properties: { business_layer: { x: 1 } } } } }, { asset: { asset_type: "table" } }]);
    write(root, { "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { A: { x: 2 } } }) });
    const after = (await list()).listed;
    expect(after.map(({ token }, i) => token === before[i]?.token)).toEqual([false, true]);
  });

  test("tolerates a byte order mark, CRLF, blank lines and a missing last end of line", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.json": `\u{feff}${csn({ A: entity() })}`, "S/b.ndjson": `\u{feff}${line("B")}\r\n  \r\n${line("C").trim()}\r\n${line("D").trim()}`, "S/empty.ndjson": "" }));
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
    const none = ['{"name":"X1","definition":{"kind":"entity","@cds.persistence.exists":true}}', '{"name":"X2","definition":{"kind":"entity","@cd\\u0073.persistence.exists":true}}', '{"name":"X3","definition":{"kind":"context"}}'];
    const { list, read } = sourceOf(folderOf({ "S/a.ndjson": [...forms, ...none].join("\n") }));
    const { listed, ids, certificates } = await list();
    expect(ids).toEqual(["S.A", "S.B", "S.C", "S.D", "S.E", "S.G", "S.H", `S.${"I".repeat(300)}`, "S.Ü"]);
    expect(certificates).toEqual([complete("S", 9)]);
    expect((await read(listed)).filter(({ kind }) => kind === "failed")).toEqual([]);
  });

  test("holds a name of many characters, and one named __proto__", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.json": `{"definitions": {"__proto__": {"kind": "entity", "elements": {"__proto__": {"type": "cds.Date"}}}, "${"N".repeat(1024)}": {"kind": "entity"}}}` }));
    const { listed, problems } = await list();
    expect([listed.length, problems]).toEqual([2, []]);
    expect(await read(listed)).toMatchObject([{ id: "S.__proto__", asset: { schema: { columns: [{ name: "__proto__", type: "cds.Date" }] } } }, { kind: "asset" }]);
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
    const memory = { get: () => Promise.resolve(undefined), set: () => undefined };
    await expect(Array.fromAsync(source.list({ signal: interrupted, memory, known: new Set() }))).rejects.toThrow("enough");
    await expect(Array.fromAsync(source.read([{ id: "S.A", scope: "S", token: "", locator: { file: "S/a.json", at: 0, length: 1 } }], { signal: interrupted }))).rejects.toThrow("enough");
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
    const memory = { get: () => Promise.resolve(undefined), set: () => undefined };
    await expect(Array.fromAsync(source.list({ signal: controller.signal, memory, known: new Set() }))).rejects.toThrow("enough");
  });
});

describe("files in the root", () => {
  test("belong to the configured space, together with those of its folder", async () => {
    const root = folderOf({ "b.json": csn({ Root: entity(), Both: entity({ "@x": "root" }) }), "SALES/a.json": csn({ Folder: entity() }), "SALES/c.json": csn({ Both: entity({ "@x": "folder" }) }), "HR/a.json": csn({ P: entity() }) });
    const { list, read } = sourceOf(root, { space: "SALES" });
    const { listed, ids, certificates, problems } = await list();
    expect({ ids, certificates }).toEqual({ ids: ["HR.P", "SALES.Both", "SALES.Folder", "SALES.Root"], certificates: [complete("HR", 1), complete("SALES", 3)] });
    expect(problems).toMatchObject([{ code: "duplicate_definition", message: expect.stringContaining("defined differently in b.json and SALES/c.json; that of c.json, later in name order, was taken") }]);
    const both = listed.filter(({ id }) => id === "SALES.Both");
    expect(await read(both)).toMatchObject([{ asset: { metadata: { custom_properties: { annotations: { "@x": "folder" } } } } }]);
  });

  test("of the same name as one in the folder come before it", async () => {
    const { list, read } = sourceOf(folderOf({ "a.json": csn({ A: entity({ "@x": 1 }) }), "aaa/a.json": csn({ A: entity({ "@x": 2 }) }) }), { space: "aaa" });
    expect(await read((await list()).listed)).toMatchObject([{ asset: { metadata: { custom_properties: { annotations: { "@x": 2 } } } } }]);
  });

  test("may be all there is, and the configured space may be empty", async () => {
    expect(await sourceOf(folderOf({ "a.ndjson": line("A") }), { space: "SALES" }).list()).toMatchObject({ ids: ["SALES.A"], certificates: [complete("SALES", 1)] });
    expect(await sourceOf(folderOf({}), { space: "SALES" }).list()).toMatchObject({ ids: [], certificates: [complete("SALES", 0)] });
  });

  test("without a configured space are an error that names the way out", async () => {
    const error = await sourceOf(folderOf({ "a.json": csn({}), "b.ndjson": "", "c.json": "", "d.json": "", "HR/a.json": csn({}) })).list().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "config_invalid",
      message: "Exports in the root of the source's folder belong to no space: a.json, b.ndjson, c.json and 1 more.",
      remedy: "Move them into a folder that bears their space's name, or give that name as the source's `space`.",
    });
    await expect(sourceOf(folderOf({ "a.json": csn({}) })).list()).rejects.toThrow("belong to no space: a.json.");
  });

  test("belong to no space with an impossible name", () => {
    expect(() => createCsnSource({ ...NOTHING, path: "/nowhere", space: "a.b", meter: new CountingMeter() })).toThrow(
      expect.objectContaining({ code: "config_invalid", message: 'The source\'s space "a.b" is no name of a space, which has only letters, digits and "_".' }),
    );
  });
});

describe("what cannot be listed", () => {
  const incomplete = (scope: string, count: number, problem: unknown) => ({ scope, complete: false, count, problem });

  test("a root that is missing or no folder ends the run", async () => {
    for (const path of [join(folderOf({}), "missing"), join(folderOf({ file: "x" }), "file")]) {
      const error = await sourceOf(path).list().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "source_unavailable", message: expect.stringMatching(/^The folder of exports cannot be read: E/), remedy: "Check the source's `path` and that this user may read it." });
    }
  });

  test.each<[string, string | Buffer, string]>([
    ["broken JSON", '{"definitions": {"A": {}', "line 1, column 25 of the JSON should have a closing bracket and has the end"],
    ["JSON that is no CSN", '{"foo": 1}', 'it is JSON, but no CSN: it has no object "definitions"'],
    ["a list", "[]", 'line 1, column 1 of the JSON should have the "{" of a CSN document and has "["'],
    ["nothing", "", 'line 1, column 1 of the JSON should have the "{" of a CSN document and has the end'],
    ["another encoding", Buffer.from(csn({ Ä: entity() }), "latin1"), "it is not UTF-8: save it in that encoding"],
    ["UTF-16", Buffer.from(`\u{feff}${csn({})}`, "utf16le"), "it is not UTF-8: save it in that encoding"],
  ])("an export with %s makes its space incomplete, and everything else is listed", async (_case, bad, why) => {
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/bad.json": bad, "SALES/c.json": csn({ C: entity() }), "HR/a.json": csn({ P: entity() }) }));
    expect(await list()).toMatchObject({ ids: ["HR.P", "SALES.A", "SALES.C"], certificates: [complete("HR", 1), incomplete("SALES", 2, `SALES/bad.json cannot be read: ${why}`)], problems: [] });
  });

  test.each<[string, string | Buffer, string]>([
    ["is broken", '{"name": "B", "definition": {"kind" }}', 'line 2, column 37 of the JSON should have ":" and has "}"'],
    ["is cut short", line("B").slice(0, 40), "line 2, column 41 of the JSON should have a closing quote and has the end"],
    ["is no definition", '{"name": "B"}', 'line 2: it is JSON, but not of the form {"name": …, "definition": …}'],
    ["is of another encoding", Buffer.from('{"name":"Ä","definition":{"kind":"entity"}}', "latin1"), "line 2: it is not UTF-8: save it in that encoding"],
    ["hides another encoding behind a plain name", Buffer.from('{"name":"A","definition":{"kind":"entity","@x":"Ä"}}', "latin1"), "line 2: it is not UTF-8: save it in that encoding"],
  ])("a line that %s makes its space incomplete, and the other lines are listed", async (_case, bad, why) => {
    const text = Buffer.concat([Buffer.from(line("A")), Buffer.from(bad), Buffer.from(`\n${line("C")}`)]);
    expect(await sourceOf(folderOf({ "SALES/a.ndjson": text })).list()).toMatchObject({ ids: ["SALES.A", "SALES.C"], certificates: [incomplete("SALES", 2, `SALES/a.ndjson cannot be read: ${why}`)] });
  });

  test("of several bad lines the first is named and the others are counted", async () => {
    const { list } = sourceOf(folderOf({ "SALES/a.ndjson": `${line("A")}x\n\ny\nz\n${line("C")}` }));
    expect((await list()).certificates).toEqual([
      incomplete("SALES", 2, 'SALES/a.ndjson cannot be read: line 2, column 1 of the JSON should have the "{" of a CSN document and has "x" (and 2 more of its lines are wrong)'),
    ]);
  });

  test("of many bad files five are named, the last first", async () => {
    const files = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [`SALES/${name}.json`, "{}"]));
    const [certificate] = (await sourceOf(folderOf(files)).list()).certificates;
    expect(certificate?.problem?.match(/SALES\/\w\.json/g)).toEqual(["SALES/g.json", "SALES/f.json", "SALES/e.json", "SALES/d.json", "SALES/c.json"]);
    expect(certificate?.problem).toMatch(/; and 2 more$/);
  });

  test("a folder that is no space's is reported by its name, and not looked into", async () => {
    const { list } = sourceOf(folderOf({ "my exports/a.json": csn({ A: entity() }), "SALES/a.json": csn({ A: entity() }), "x.json": null }));
    expect((await list()).certificates).toEqual([
      complete("SALES", 1),
      incomplete("my exports", 0, 'the folder\'s name "my exports" is not that of a space, which has only letters, digits and "_"'),
      incomplete("x.json", 0, expect.any(String)),
    ]);
  });

  test("a folder inside a space's folder is reported, and the space is complete without it", async () => {
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/old/b.json": csn({ B: entity() }), "SALES/new.json": null }));
    expect(await list()).toMatchObject({
      ids: ["SALES.A"],
      certificates: [complete("SALES", 1)],
      problems: [
        { scope: "SALES", code: "folder_ignored", message: "SALES/new.json is a folder inside a space's folder and was not looked into. Move its files up or away." },
        { scope: "SALES", code: "folder_ignored", message: expect.stringContaining("SALES/old is a folder") },
      ],
    });
  });

  test("a space's folder that cannot be read makes that space incomplete, and no other", async () => {
    const forbidding = (real: Disk): Disk => ({ ...real, entries: (folder) => (folder === "SALES" ? Promise.reject(new Error("EACCES: permission denied")) : real.entries(folder)) });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "HR/a.json": csn({ P: entity() }) }), { disk: forbidding });
    expect(await list()).toMatchObject({ ids: ["HR.P"], certificates: [complete("HR", 1), incomplete("SALES", 0, "its folder cannot be read: EACCES: permission denied")] });
  });

  test("a file that cannot be opened makes its space incomplete", async () => {
    const forbidding = (real: Disk): Disk => ({ ...real, open: (file) => (file === "SALES/b.json" ? Promise.reject(new Error("EACCES: permission denied")) : real.open(file)) });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/b.json": csn({ B: entity() }) }), { disk: forbidding });
    expect(await list()).toMatchObject({ ids: ["SALES.A"], certificates: [incomplete("SALES", 1, "SALES/b.json cannot be read: EACCES: permission denied")] });
  });

  test("an export beyond 256 MiB is refused before it is read", async () => {
    let reads = 0;
    const huge = (real: Disk): Disk => ({
      ...real,
      open: async (file) => {
        const open = await real.open(file);
        return { size: 256 * 1024 * 1024 + 1, read: (at, length) => (reads++, open.read(at, length)), [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
      },
    });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }) }), { disk: huge });
    expect((await list()).certificates).toEqual([incomplete("SALES", 0, "SALES/a.json cannot be read: it is larger than 256 MiB; export it in parts, or as .ndjson")]);
    expect(reads).toBe(0);
  });

  test("a known space that is missing or empty is incomplete, a new one is not", async () => {
    const { list } = sourceOf(folderOf({ EMPTY: null, "CONTEXTS/a.json": csn({ SAP: { kind: "context" } }), NEW: null, "FULL/a.json": csn({ A: entity() }), "BROKEN/a.json": "" }));
    expect((await list(["EMPTY", "CONTEXTS", "GONE", "FULL", "BROKEN"])).certificates).toEqual([
      incomplete("BROKEN", 0, expect.stringMatching(/^BROKEN\/a\.json cannot be read: [^;]*$/)),
      incomplete("CONTEXTS", 0, "it holds no asset, and it held some before"),
      incomplete("EMPTY", 0, "it holds no asset, and it held some before"),
      complete("FULL", 1),
      incomplete("GONE", 0, "its folder is missing, and it held assets before"),
      complete("NEW", 0),
    ]);
  });

  test("a link within the root is followed to a file, and no other", async () => {
    const outside = folderOf({ "secret.json": csn({ Secret: entity() }), "S/a.json": csn({ A: entity() }) });
    const root = folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/kept.txt": csn({ Linked: entity() }) });
    symlinkSync(join(root, "SALES/kept.txt"), join(root, "SALES/b.json"));
    const { list } = sourceOf(root);
    expect(await list()).toMatchObject({ ids: ["SALES.A", "SALES.Linked"], certificates: [complete("SALES", 2)] });

    symlinkSync(join(outside, "secret.json"), join(root, "SALES/c.json"));
    symlinkSync(join(root, "nowhere"), join(root, "SALES/d.ndjson"));
    symlinkSync(join(root, "SALES"), join(root, "SALES/e.json"));
    symlinkSync(join(outside, "S"), join(root, "OTHER"));
    symlinkSync(join(outside, "S"), join(root, "no-space"));
    expect(await list()).toMatchObject({
      ids: ["SALES.A", "SALES.Linked"],
      certificates: [
        incomplete("OTHER", 0, "OTHER is no folder, and no link is followed"),
        incomplete("SALES", 2, ["c.json", "d.ndjson", "e.json"].map((name) => `SALES/${name} is no file, and no link out of the source's folder is followed`).join("; ")),
      ],
    });
    symlinkSync(join(outside, "secret.json"), join(root, "loose.json"));
    await expect(list()).rejects.toThrow("belong to no space: loose.json.");
    expect((await sourceOf(root, { space: "SALES" }).list()).certificates[1]?.problem).toMatch(/^loose\.json is no file/);
  });

  test("a root that is itself a link is fine", async () => {
    const root = folderOf({ "SALES/a.json": csn({ A: entity() }) });
    symlinkSync(root, join(root, "..", `${root.split("/").at(-1)}-link`));
    roots.push(`${root}-link`);
    expect((await sourceOf(`${root}-link`).list()).ids).toEqual(["SALES.A"]);
  });
});

describe("a name that is defined twice", () => {
  const one = entity({ "@x": 1 });
  const other = entity({ "@x": 2 });
  const noisy = { ...one, _meta: { dependencies: {} }, "@DataWarehouse.querybuilder.model": "{}" };

  async function outcome(files: { readonly [path: string]: string }) {
    const { list, read } = sourceOf(folderOf(files));
    const { listed, certificates, problems } = await list();
    const results = await read(listed);
    return { x: results.map((result) => result.kind === "asset" && (result.asset.metadata.custom_properties["annotations"] as JsonObject)["@x"]), certificates, messages: problems.map(({ message }) => message) };
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
    ["the later export", { "S/b.json": csn({ A: other }), "S/a.json": csn({ A: one }) }, "S.A is defined differently in S/a.json and S/b.json; that of b.json, later in name order, was taken. Remove the stale export."],
    ["the later file of whatever kind", { "S/b.ndjson": line("A", other), "S/c.json": csn({ B: other }), "S/a.json": csn({ A: one }) }, "S.A is defined differently in S/a.json and S/b.ndjson; that of b.ndjson, later in name order, was taken. Remove the stale export."],
    ["the later line", { "S/a.ndjson": line("A", one) + line("A", other) }, "S.A is defined twice in S/a.ndjson, differently; the later definition was taken. Remove the stale one."],
    ["the later of one export", { "S/a.json": `{"definitions": {"A": ${JSON.stringify(one)}, "A": ${JSON.stringify(other)}}}` }, "S.A is defined twice in S/a.json, differently; the later definition was taken. Remove the stale one."],
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
    expect(await outcome({ "S/a.json": csn({ A: one }), "S/b.json": csn({ A: entity({ "@cds.persistence.exists": true }) }) })).toEqual({ x: [1], certificates: [complete("S", 1)], messages: [] });
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
});

describe("an export that did not change", () => {
  const BROKEN_ON_PURPOSE = "the bytes are not looked at";

  test("is listed from memory, without parsing it", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { B: {} } }), "S/b.json": csn({ A: entity({ "@x": 1 }) }) });
    const { list, remembered } = sourceOf(root);
    const first = await list();
    const key = "csn-1/S";
    // Whoever parsed it again would not find this name.
    const forged = JSON.parse(JSON.stringify(remembered.get(key)).replace('"name":"B"', `"name":${JSON.stringify(BROKEN_ON_PURPOSE)}`)) as Json;
    remembered.set(key, forged);
    const second = await list();
    expect(second.ids).toEqual(["S.A", `S.${BROKEN_ON_PURPOSE}`]);
    expect(second.problems).toEqual(first.problems);
    expect(remembered.get(key)).toEqual(forged);
  });

  test("has its repeated names compared once, and again when one of them moved", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity() }), "S/b.json": csn({ A: entity({ _meta: 1 }) }) });
    const { list, meter } = sourceOf(root);
    const opened = async () => {
      meter.costs = [];
      const { problems } = await list();
      return [meter.costs.length, problems.length];
    };
    expect([await opened(), await opened()]).toEqual([[4, 0], [2, 0]]);
    write(root, { "S/a.json": csn({ A: entity({ "@x": 1 }) }) });
    expect([await opened(), await opened()]).toEqual([[4, 1], [2, 1]]);
  });

  test("may be another file of the same name, which is then parsed", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity() }) });
    const { list, remembered } = sourceOf(root);
    await list();
    write(root, { "S/a.json": csn({ B: entity() }) });
    expect((await list()).ids).toEqual(["S.B"]);
    rmSync(join(root, "S/a.json"));
    expect((await list()).ids).toEqual([]);
    expect(remembered.get("csn-1/S")).toEqual({ files: {}, verdicts: {} });
  });

  test("leaves nothing to remember where only lines are listed", async () => {
    const { list, remembered } = sourceOf(folderOf({ "S/a.ndjson": line("A") }));
    await list();
    expect(remembered.size).toBe(0);
  });

  test("is not remembered while it is broken", async () => {
    const root = folderOf({ "S/a.json": "{}" });
    const { list } = sourceOf(root);
    await list();
    expect((await list()).certificates).toMatchObject([{ complete: false }]);
  });
});

describe("a read", () => {
  test("answers each item once, with the configured owners, stewards and tags", async () => {
    const path = folderOf({ "S/a.json": csn({ A: entity() }), "S/b.ndjson": line("B"), "T/a.json": csn({ C: entity() }) });
    const source = createCsnSource({ path, owners: { S: "ann" }, stewards: { "S.A": "bob" }, tags: { "*.B": ["t"] }, meter: new CountingMeter() });
    const memory = { get: () => Promise.resolve(undefined), set: () => undefined };
    const listed = (await Array.fromAsync(source.list({ signal, memory, known: new Set() }))).flatMap((event) => (event.kind === "listed" ? event.items : []));
    const results = await Array.fromAsync(source.read(listed, { signal }));
    expect(results.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: "S.A", token: listed.find(({ id }) => id === "S.A")?.token, warnings: [], asset: { content: { owner: "ann" }, metadata: { custom_properties: { steward: "bob" } } } },
      { id: "S.B", asset: { content: { owner: "ann" }, metadata: { tags: ["t"] } } },
      { id: "T.C", asset: { content: { owner: null }, metadata: { tags: [] } } },
    ]);
    await source.close();
  });

  test("keeps every number as it was written", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.json": '{"definitions": {"A": {"kind": "entity", "@x": [1.0, 12345678901234567890, 1e-7]}}}', "S/b.ndjson": '{"name":"B","definition":{"kind":"entity","@x":[1.0]}}' }));
    const results = await read((await list()).listed);
    expect(results.map((result) => result.kind === "asset" && JSON.stringify(result.asset.metadata.custom_properties["annotations"])).toSorted()).toEqual(['{"@x":[1.0,12345678901234567890,1e-07]}', '{"@x":[1.0]}']);
  });

  const deep = (levels: number): string => `{"kind":"entity","@x":${"[".repeat(levels)}${"]".repeat(levels)}}`;

  test.each<[string, string, string, string]>([
    ["is too deep", deep(64), "asset_too_deep", `it is nested deeper than 64 levels at /@x${"/0".repeat(63)}`],
    ["is far too deep", deep(5_000_000), "asset_too_deep", `it is nested deeper than 64 levels at /@x${"/0".repeat(63)}`],
    ["is no object", "null", "asset_unreadable", "its definition is no object"],
    ["has elements that are none", '{"kind":"entity","elements":[]}', "asset_unreadable", "its elements are no object but an array"],
    ["has a number beyond all doubles", '{"kind":"entity","@x":1e999}', "value_unrepresentable", "the number 1e999 at /@x is beyond what a double can hold"],
  ])("of a definition that %s fails alone", async (_case, definition, code, why) => {
    for (const [file, text] of [["a.json", `{"definitions": {"Bad": ${definition}, "Good": {"kind":"entity"}}}`] as const, ["a.ndjson", `{"name":"Bad","definition":${definition}}\n${line("Good")}`] as const]) {
      const { list, read } = sourceOf(folderOf({ [`S/${file}`]: text }));
      const { listed, certificates } = await list();
      expect(certificates).toEqual([complete("S", 2)]);
      const results = await read(listed);
      expect(results).toHaveLength(2);
      expect(results).toContainEqual({ kind: "failed", id: "S.Bad", problem: { asset_id: "S.Bad", code, message: `S.Bad in S/${file} could not be read: ${why}.` } });
      expect(results).toContainEqual(expect.objectContaining({ kind: "asset", id: "S.Good" }));
    }
  });

  test("of a line that is broken inside fails with its asset's name", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.ndjson": '{"name":"A","definition":{"kind":"entity","x":nul}}' }));
    const { listed } = await list();
    expect(await read(listed)).toMatchObject([{ kind: "failed", id: "S.A", problem: { code: "asset_unreadable", message: 'S.A in S/a.ndjson could not be read: line 1, column 47 of the JSON should have a value and has "n".' } }]);
  });

  test("of a line that says another name after all fails", async () => {
    const { list, read } = sourceOf(folderOf({ "S/a.ndjson": '{"name":"A","definition":{"kind":"entity"},"name":"B","definition":{"kind":"entity"}}' }));
    expect(await read((await list()).listed)).toMatchObject([{ kind: "failed", problem: { message: 'S.A in S/a.ndjson could not be read: its line says the name "B".' } }]);
  });

  test.each<[string, (root: string) => void, RegExp]>([
    ["changed", (root) => write(root, { "S/a.json": csn({ A: entity({ "@x": 2 }), B: entity() }) }), /it changed after it was listed; run again/],
    ["became shorter", (root) => write(root, { "S/a.json": "{}" }), /it became shorter while it was read/],
    ["vanished", (root) => rmSync(join(root, "S/a.json")), /ENOENT/],
  ])("of a file that %s since the listing fails rather than guess", async (_case, change, why) => {
    const root = folderOf({ "S/a.json": csn({ A: entity({ "@x": 1 }), B: entity() }), "S/b.json": csn({ C: entity() }) });
    const { list, read } = sourceOf(root);
    const { listed } = await list();
    change(root);
    const results = await read(listed);
    expect(results.map(({ id }) => id).toSorted()).toEqual(["S.A", "S.B", "S.C"]);
    expect(results.find(({ id }) => id === "S.A")).toMatchObject({ kind: "failed", problem: { asset_id: "S.A", code: "asset_unreadable", message: expect.stringMatching(why) } });
    expect(results.find(({ id }) => id === "S.C")).toMatchObject({ kind: "asset" });
  });

  test("opens each file once, and reads no more than it must", async () => {
    const { list, read, meter } = sourceOf(folderOf({ "S/a.json": csn({ A: entity(), B: entity() }, { editorSettings: "x".repeat(100_000) }), "S/b.ndjson": line("C") }));
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
      folderOf({ "S/a.json": csn({ A: entity(), Stub: entity({ "@cds.persistence.exists": true }) }), "S/b.ndjson": line("B"), "BROKEN/a.json": csn({ A: entity() }), "BROKEN/b.json": "{", EMPTY: null, "no space/a.json": csn({ A: entity() }) }),
    );
    expect(Object.fromEntries(await confirm("S.A", "S.B", "S.Stub", "S.Gone", "BROKEN.A", "BROKEN.Gone", "EMPTY.Gone", "MISSING.Gone", "no space.A"))).toEqual({
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
    write(root, { "loose.json": csn({}) });
    expect(await confirm("S.A", "S.Gone")).toEqual(new Map([["S.A", "unknown"], ["S.Gone", "unknown"]]));
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
