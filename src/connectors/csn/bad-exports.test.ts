import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { complete, csn, entity, folderOf, incomplete, line, sourceOf } from "../../../test/helpers/csn-source.ts";
import type { Disk } from "./disk.ts";

describe("what cannot be listed", () => {
  test("a root that is missing or no folder ends the run", async () => {
    for (const path of [join(folderOf({}), "missing"), join(folderOf({ file: "x" }), "file")]) {
      const error = await sourceOf(path)
        .list()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: "source_unavailable",
        message: expect.stringMatching(/^The folder of exports cannot be read: E/),
        remedy: "Check the source's `path` and that this user may read it.",
      });
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
    const { list } = sourceOf(
      folderOf({
        "SALES/a.json": csn({ A: entity() }),
        "SALES/bad.json": bad,
        "SALES/c.json": csn({ C: entity() }),
        "HR/a.json": csn({ P: entity() }),
      }),
    );
    expect(await list()).toMatchObject({
      ids: ["HR.P", "SALES.A", "SALES.C"],
      certificates: [complete("HR", 1), incomplete("SALES", 2, `SALES/bad.json cannot be read: ${why}`)],
      problems: [],
    });
  });

  test.each<[string, string | Buffer, string]>([
    ["is broken", '{"name": "B", "definition": {"kind" }}', 'line 2, column 37 of the JSON should have ":" and has "}"'],
    ["is cut short", line("B").slice(0, 40), "line 2, column 41 of the JSON should have a closing quote and has the end"],
    ["is no definition", '{"name": "B"}', 'line 2: it is JSON, but not of the form {"name": …, "definition": …}'],
    [
      "is of another encoding",
      Buffer.from('{"name":"Ä","definition":{"kind":"entity"}}', "latin1"),
      "line 2: it is not UTF-8: save it in that encoding",
    ],
    [
      "hides another encoding behind a plain name",
      Buffer.from('{"name":"A","definition":{"kind":"entity","@x":"Ä"}}', "latin1"),
      "line 2: it is not UTF-8: save it in that encoding",
    ],
  ])("a line that %s makes its space incomplete, and the other lines are listed", async (_case, bad, why) => {
    const text = Buffer.concat([Buffer.from(line("A")), Buffer.from(bad), Buffer.from(`\n${line("C")}`)]);
    expect(await sourceOf(folderOf({ "SALES/a.ndjson": text })).list()).toMatchObject({
      ids: ["SALES.A", "SALES.C"],
      certificates: [incomplete("SALES", 2, `SALES/a.ndjson cannot be read: ${why}`)],
    });
  });

  test("of several bad lines the first is named and the others are counted", async () => {
    const { list } = sourceOf(folderOf({ "SALES/a.ndjson": `${line("A")}x\n\ny\nz\n${line("C")}` }));
    expect((await list()).certificates).toEqual([
      incomplete(
        "SALES",
        2,
        'SALES/a.ndjson cannot be read: line 2, column 1 of the JSON should have the "{" of a CSN document and has "x" (and 2 more of its lines are wrong)',
      ),
    ]);
  });

  test("of many bad files five are named, the last first", async () => {
    const files = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [`SALES/${name}.json`, "{}"]));
    const [certificate] = (await sourceOf(folderOf(files)).list()).certificates;
    expect(certificate?.problem?.match(/SALES\/\w\.json/g)).toEqual([
      "SALES/g.json",
      "SALES/f.json",
      "SALES/e.json",
      "SALES/d.json",
      "SALES/c.json",
    ]);
    expect(certificate?.problem).toMatch(/; and 2 more$/);
  });

  test("a folder that is no space's is reported by its name, and not looked into", async () => {
    const { list } = sourceOf(
      folderOf({ "my exports/a.json": csn({ A: entity() }), "SALES/a.json": csn({ A: entity() }), "x.json": null }),
    );
    expect((await list()).certificates).toEqual([
      complete("SALES", 1),
      incomplete("my exports", 0, 'the folder\'s name "my exports" is not that of a space, which has only letters, digits and "_"'),
      incomplete("x.json", 0, expect.any(String)),
    ]);
  });

  test("a folder inside a space's folder is reported, and the space is complete without it", async () => {
    const { list } = sourceOf(
      folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/old/b.json": csn({ B: entity() }), "SALES/new.json": null }),
    );
    expect(await list()).toMatchObject({
      ids: ["SALES.A"],
      certificates: [complete("SALES", 1)],
      problems: [
        {
          scope: "SALES",
          code: "folder_ignored",
          message: "SALES/new.json is a folder inside a space's folder and was not looked into. Move its files up or away.",
        },
        { scope: "SALES", code: "folder_ignored", message: expect.stringContaining("SALES/old is a folder") },
      ],
    });
  });

  test("a space's folder that cannot be read makes that space incomplete, and no other", async () => {
    const forbidding = (real: Disk): Disk => ({
      ...real,
      entries: (folder) => (folder === "SALES" ? Promise.reject(new Error("EACCES: permission denied")) : real.entries(folder)),
    });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "HR/a.json": csn({ P: entity() }) }), { disk: forbidding });
    expect(await list()).toMatchObject({
      ids: ["HR.P"],
      certificates: [complete("HR", 1), incomplete("SALES", 0, "its folder cannot be read: EACCES: permission denied")],
    });
  });

  test("a file that cannot be opened makes its space incomplete", async () => {
    const forbidding = (real: Disk): Disk => ({
      ...real,
      open: (file) => (file === "SALES/b.json" ? Promise.reject(new Error("EACCES: permission denied")) : real.open(file)),
    });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }), "SALES/b.json": csn({ B: entity() }) }), {
      disk: forbidding,
    });
    expect(await list()).toMatchObject({
      ids: ["SALES.A"],
      certificates: [incomplete("SALES", 1, "SALES/b.json cannot be read: EACCES: permission denied")],
    });
  });

  test("an export beyond 256 MiB is refused before it is read", async () => {
    let reads = 0;
    const huge = (real: Disk): Disk => ({
      ...real,
      open: async (file) => {
        const open = await real.open(file);
        return {
          size: 256 * 1024 * 1024 + 1,
          read: (at, length) => (reads++, open.read(at, length)),
          [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
        };
      },
    });
    const { list } = sourceOf(folderOf({ "SALES/a.json": csn({ A: entity() }) }), { disk: huge });
    expect((await list()).certificates).toEqual([
      incomplete("SALES", 0, "SALES/a.json cannot be read: it is larger than 256 MiB; export it in parts, or as .ndjson"),
    ]);
    expect(reads).toBe(0);
  });

  test("a known space that is missing or empty is incomplete, a new one is not", async () => {
    const { list } = sourceOf(
      folderOf({
        EMPTY: null,
        "CONTEXTS/a.json": csn({ SAP: { kind: "context" } }),
        NEW: null,
        "FULL/a.json": csn({ A: entity() }),
        "BROKEN/a.json": "",
      }),
    );
    expect((await list(["EMPTY", "CONTEXTS", "GONE", "FULL", "BROKEN"])).certificates).toEqual([
      incomplete("BROKEN", 0, expect.stringMatching(/^BROKEN\/a\.json cannot be read: [^;]*$/)),
      incomplete("CONTEXTS", 0, "it holds no asset, and it held some before"),
      incomplete("EMPTY", 0, "it holds no asset, and it held some before"),
      complete("FULL", 1),
      incomplete("GONE", 0, "its folder is missing, and it held assets before"),
      complete("NEW", 0),
    ]);
  });

  test("the changed `space` option is told as what it is, not as a missing folder", async () => {
    const { list } = sourceOf(folderOf({ "a.json": csn({ A: entity() }) }), { space: "NEW" });
    expect((await list(["OLD"])).certificates).toEqual([
      complete("NEW", 1),
      incomplete("OLD", 0, expect.stringMatching(/exports in the root are those of NEW by the source's option `space`$/)),
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
        incomplete(
          "SALES",
          2,
          ["c.json", "d.ndjson", "e.json"]
            .map((name) => `SALES/${name} is no file, and no link out of the source's folder is followed`)
            .join("; "),
        ),
      ],
    });
    symlinkSync(join(outside, "secret.json"), join(root, "loose.json"));
    await expect(list()).rejects.toThrow("belong to no space: loose.json.");
    expect((await sourceOf(root, { space: "SALES" }).list()).certificates[1]?.problem).toMatch(/^loose\.json is no file/);
  });

  test("a root that is itself a link is fine", async () => {
    const root = folderOf({ "SALES/a.json": csn({ A: entity() }) });
    const link = join(folderOf({}), "link");
    symlinkSync(root, link);
    expect((await sourceOf(link).list()).ids).toEqual(["SALES.A"]);
  });
});
