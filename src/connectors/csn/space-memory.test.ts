import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { csn, entity, folderOf, line, sourceOf, writeFiles } from "../../../test/helpers/csn-source.ts";
import type { Json } from "../../model/json.ts";

describe("an export that did not change", () => {
  const BROKEN_ON_PURPOSE = "the bytes are not looked at";

  test("is listed from memory, without parsing it", async () => {
    const root = folderOf({
      "S/a.json": csn({ A: entity(), B: entity() }, { businessLayerDefinitions: { B: {} } }),
      "S/b.json": csn({ A: entity({ "@x": 1 }) }),
    });
    const { list, remembered } = sourceOf(root);
    const first = await list();
    const key = "csn-1/S";
    // Whoever parsed it again would not find this name.
    const forged = JSON.parse(
      JSON.stringify(remembered.get(key)).replace('"name":"B"', `"name":${JSON.stringify(BROKEN_ON_PURPOSE)}`),
    ) as Json;
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
    expect([await opened(), await opened()]).toEqual([
      [4, 0],
      [2, 0],
    ]);
    writeFiles(root, { "S/a.json": csn({ A: entity({ "@x": 1 }) }) });
    expect([await opened(), await opened()]).toEqual([
      [4, 1],
      [2, 1],
    ]);
  });

  test("may be another file of the same name, which is then parsed", async () => {
    const root = folderOf({ "S/a.json": csn({ A: entity() }) });
    const { list, remembered } = sourceOf(root);
    await list();
    writeFiles(root, { "S/a.json": csn({ B: entity() }) });
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
