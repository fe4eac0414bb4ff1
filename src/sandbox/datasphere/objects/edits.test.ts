import { expect, test } from "vitest";
import { aDatasphereSandbox, type TenantCaller } from "../../../../test/helpers/sandbox-datasphere.ts";
import type { Edited } from "./edits.ts";

const CORE = "/dwaas-core/api/v1/spaces";
const ASSETS = "/api/v1/datasphere/consumption/catalog/assets";
const CSN = { accept: "application/vnd.sap.datasphere.object.content+json" };

test("random changes reach exactly their share of the assets, and what is read differs for those alone", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 40, spaces: ["A", "B"] });
  const before = await everything(json);
  const edited = sandbox.edit({ edit: "random", does: "change", percent: 10 });
  const after = await everything(json);

  expect(edited.length).toBe(4);
  expect(changedBetween(before, after)).toEqual(edited.map(idOf).toSorted());
  expect(edited.every(({ edits, facets }) => edits?.length === 1 && (facets?.length ?? 0) > 0)).toBe(true);
});

test("changes are of the kinds that were asked for, and the same for the same seed", async () => {
  const run = async (seed: number): Promise<readonly Edited[]> => {
    const { sandbox } = await aDatasphereSandbox({ assets: 60, spaces: ["A", "B"] });
    return sandbox.edit({ edit: "random", does: "change", count: 12, kinds: ["metadata"], seed });
  };
  const first = await run(1);

  expect(new Set(first.flatMap(({ facets }) => facets))).toEqual(new Set(["metadata"]));
  expect(await run(1)).toEqual(first);
  expect(await run(2)).not.toEqual(first);
});

test("an object changed twice bears both changes, whenever it is read", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 10, analyticModels: 0, spaces: ["A"] });
  sandbox.edit({ edit: "random", does: "change", percent: 100, edits: ["label changed"] });
  const once = await everything(json);
  sandbox.edit({ edit: "random", does: "change", percent: 100, edits: ["column label changed"] });
  const twice = await everything(json);

  expect(changedBetween(once, twice).length).toBe(10);
  expect(await everything(json)).toEqual(twice);
  expect(labels(twice)).toEqual(labels(once));
});

test("deletions, additions and exposures show in lists, catalog and reads at once", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 36, analyticModels: 4, spaces: ["A", "B"] });
  const before = await everything(json);
  const deleted = sandbox.edit({ edit: "random", does: "delete", count: 5 });
  const added = sandbox.edit({ edit: "random", does: "add", count: 4 });
  const after = await everything(json);

  expect([...before.keys()].filter((id) => !after.has(id)).toSorted()).toEqual(deleted.map(idOf).toSorted());
  expect([...after.keys()].filter((id) => !before.has(id)).toSorted()).toEqual(added.map(idOf).toSorted());

  const listed = async (): Promise<readonly string[]> =>
    (await json<{ value: { spaceName: string; name: string }[] }>(ASSETS)).value.map(({ spaceName, name }) => `${spaceName}.${name}`);
  sandbox.edit({ edit: "add", space: "A", name: "OPEN", type: "views" }, { edit: "expose", space: "A", name: "OPEN" });
  expect(await listed()).toContain("A.OPEN");
  const closed = sandbox.edit({ edit: "random", does: "unexpose", percent: 100 });
  expect(closed.map(idOf)).toContain("A.OPEN");
  expect((await listed()).every((id) => id.includes("AM_"))).toBe(true);
  expect((await everything(json)).size).toBe(after.size + 1);
});

test("a renamed object keeps what it was, under the other name alone", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 10, analyticModels: 1, spaces: ["A", "B"] });
  for (const [id, { type, document }] of await everything(json)) {
    const [space = "", name = ""] = id.split(/\.(.*)/);
    sandbox.edit({ edit: "rename", space, name, to: `${name}_X`, to_space: "B" });
    const renamed = await json<object>(`${CORE}/B/${type}/${name}_X`, CSN);
    expect(JSON.stringify(renamed)).toBe(JSON.stringify(document).replaceAll(`{"${name}":{`, `{"${name}_X":{`));
  }
});

test("an object that was deleted may come again under its name, as another", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 10, spaces: ["A"], profile: "tokens" });
  const [id = ""] = [...(await everything(json)).keys()];
  const name = id.slice(2);
  sandbox.edit({ edit: "delete", space: "A", name });
  expect(() => sandbox.edit({ edit: "change", space: "A", name })).toThrow(`There is no object ${name} in A.`);
  sandbox.edit({
    edit: "add",
    space: "A",
    name,
    type: "localtables",
    definition: { kind: "entity", elements: { ID: { type: "cds.Integer" } } },
  });
  const [row] = (
    await json<{ technicalName: string; createdOn: string }[]>(`${CORE}/A/localtables?top=200&select=technicalName,createdOn`)
  ).slice(-1);

  expect(row?.technicalName).toBe(name);
  expect(Date.parse(row?.createdOn ?? "")).toBeGreaterThan(Date.UTC(2025));
  expect(() => sandbox.edit({ edit: "add", space: "A", name })).toThrow("already");
});

test("spaces come and go with all that is in them", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ assets: 30, spaces: ["A", "B"] });
  sandbox.edit({ edit: "delete_space", space: "B" }, { edit: "add_space", space: "C" });

  expect(await json(CORE)).toEqual(["A", "C"]);
  expect(await json(`${CORE}/C/views`)).toEqual([]);
  expect((await get(`${CORE}/B/views`)).status).toBe(403);
  sandbox.edit({ edit: "forbid", space: "A" });
  expect(await json(CORE)).toEqual(["C"]);
  sandbox.edit({ edit: "permit", space: "A" });
  expect(await json(CORE)).toEqual(["A", "C"]);
});

test("two changes within one tick of a coarse clock bear one time", async () => {
  const { json, sandbox } = await aDatasphereSandbox({
    assets: 10,
    spaces: ["A"],
    profile: "tokens",
    clock: { now: () => Date.UTC(2026, 0, 1) },
  });
  const times = async (): Promise<readonly unknown[]> =>
    (await json<{ changedOn: string }[]>(`${CORE}/A/localtables?top=200&select=changedOn`)).map(({ changedOn }) => changedOn);
  sandbox.edit({ edit: "random", does: "change", percent: 100 });
  const fine = await times();
  sandbox.settings({ timestamp_resolution_ms: 1000 });

  expect(new Set(fine).size).toBe(fine.length);
  expect(new Set(await times())).toEqual(new Set(["2026-01-01T00:00:00.000Z"]));
});

interface Read {
  readonly type: string;
  readonly document: object;
}

/** Every asset that the lists hold, by its id, as it is read. */
async function everything(json: TenantCaller["json"]): Promise<ReadonlyMap<string, Read>> {
  const all = new Map<string, Read>();
  for (const space of await json<string[]>(CORE)) {
    for (const type of ["localtables", "remotetables", "views", "analyticmodels"]) {
      for (const { technicalName: name } of await json<{ technicalName: string }[]>(`${CORE}/${space}/${type}?top=200`)) {
        all.set(`${space}.${name}`, { type, document: await json<object>(`${CORE}/${space}/${type}/${name}`, CSN) });
      }
    }
  }
  return all;
}

function changedBetween(before: ReadonlyMap<string, Read>, after: ReadonlyMap<string, Read>): readonly string[] {
  return [...before.keys()].filter((id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id))).toSorted();
}

function labels(all: ReadonlyMap<string, Read>): readonly unknown[] {
  return [...all.values()].flatMap(({ document }) =>
    Object.values((document as { definitions: Record<string, Record<string, unknown>> }).definitions).map(
      (one) => one["@EndUserText.label"],
    ),
  );
}

function idOf({ space, name }: Edited): string {
  return `${space}.${name}`;
}
