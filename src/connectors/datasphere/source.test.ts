import { describe, expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";
import { aTenantSource, WHOLE_TENANT } from "../../../test/helpers/tenant-source.ts";
import type { JsonObject } from "../../model/json.ts";
import type { DatasphereSandbox, Settings } from "../../sandbox/datasphere/start-datasphere-sandbox.ts";

function calls(sandbox: DatasphereSandbox, operation: string): number {
  return sandbox.counts().operations[operation]?.calls ?? 0;
}

describe("what a tenant offers", () => {
  test("is found out once and remembered", async () => {
    const { sandbox } = await aDatasphereSandbox();
    const { list } = aTenantSource(sandbox);
    await list();
    await list();
    expect(calls(sandbox, "discovery")).toBe(1);
  });

  test("is found out anew when its discovery document is another", async () => {
    const { sandbox } = await aDatasphereSandbox();
    const { list } = aTenantSource(sandbox);
    expect((await list()).items.some(({ token }) => token !== null)).toBe(false);
    sandbox.settings({ timestamps: true });
    expect((await list()).items.every(({ token, id }) => token !== null || id.includes("AM_"))).toBe(true);
    expect(calls(sandbox, "discovery")).toBe(2);
  });

  test.each<Partial<Settings>>([
    { discovery: false },
    { discovery: false, timestamps: true },
    { discovery: false, list_limit: 100 },
    { list_limit: 7 },
    { by_catch: true },
    { gzip: false },
  ])("is made do with: %j", async (settings) => {
    const { sandbox } = await aDatasphereSandbox({ assets: 130, settings });
    const { list, read } = aTenantSource(sandbox);
    const { items, certificates } = await list();
    expect(certificates.filter(({ complete }) => !complete)).toEqual([]);
    expect(items).toHaveLength(130);
    const results = await read(items);
    expect([...results.values()].filter(({ kind }) => kind !== "asset")).toEqual([]);
  });

  test("a read of a whole space is believed only after it agrees with a read of one object", async () => {
    const { sandbox } = await aDatasphereSandbox({ profile: "bulk" });
    const { list } = aTenantSource(sandbox);
    sandbox.fault({ fault: "broken_definition", operation: "read_content", times: "always" });
    expect((await list()).items.every(({ token }) => token === null)).toBe(true);
    sandbox.clearFaults();
    expect((await list()).items.filter(({ token }) => token !== null).length).toBeGreaterThan(50);
    const asked = calls(sandbox, "read_object");
    await list();
    expect(calls(sandbox, "read_object")).toBe(asked);
  });

  test("a tenant that reads no spaces at once is asked for that once", async () => {
    const { sandbox } = await aDatasphereSandbox({ settings: { discovery: false } });
    const { list } = aTenantSource(sandbox);
    await list();
    await list();
    expect(calls(sandbox, "read_content")).toBe(1);
  });
});

describe("a list", () => {
  test("that has no fewer rows than before costs one request, one that has fewer is looked at twice", async () => {
    const { sandbox } = await aDatasphereSandbox({ spaces: ["SALES"] });
    const { list } = aTenantSource(sandbox);
    await list();
    sandbox.reset({ counts: true });
    const { items } = await list();
    expect(calls(sandbox, "list_objects")).toBe(8);
    sandbox.edit({ edit: "delete", space: "SALES", name: items.find(({ id }) => !id.includes("AM_"))?.id.slice("SALES.".length) ?? "" });
    sandbox.reset({ counts: true });
    expect((await list()).items).toHaveLength(items.length - 1);
    expect(calls(sandbox, "list_objects")).toBe(9);
  });

  test("tells a change within the second of the last one, whatever its times are cut to", async () => {
    const { sandbox } = await aDatasphereSandbox({ assets: 5, profile: "tokens", settings: { timestamp_resolution_ms: 1_000 } });
    const { list, read } = aTenantSource(sandbox);
    const [one] = (await list()).items;
    const [space, name] = [one?.scope ?? "", one?.id.slice((one?.scope.length ?? 0) + 1) ?? ""];
    for (let change = 0; change < 3; change++) {
      sandbox.edit({ edit: "change", space, name, kinds: ["content"], seed: change });
      const { items } = await list();
      const item = items.find(({ id }) => id === one?.id);
      const before = (await read(item === undefined ? [] : [item])).get(one?.id ?? "");
      sandbox.edit({ edit: "change", space, name, kinds: ["content"], seed: change + 10 });
      const again = (await list()).items.find(({ id }) => id === one?.id);
      expect(again?.token ?? null).not.toBe(before?.kind === "asset" ? before.token : "");
    }
  }, 30_000);
});

describe("a scope", () => {
  test("of spaces, types and patterns is all that is listed", async () => {
    const { sandbox } = await aDatasphereSandbox({ assets: 200 });
    const everything = (await aTenantSource(sandbox).list()).items;
    const scope = { ...WHOLE_TENANT, spaces: ["SALES"], object_types: ["local_tables", "views"] as const, exclude: ["SALES.MD_*"] };
    const { items, certificates } = await aTenantSource(sandbox, { scope }).list(["SALES", "HR"]);
    const expected = everything.filter(({ scope: space, id, locator }) => {
      const { segment } = locator as { readonly segment: string };
      return space === "SALES" && !id.startsWith("SALES.MD_") && ["localtables", "views"].includes(segment);
    });
    expect(items.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    expect(certificates.map(({ scope: space }) => space)).toEqual(["SALES"]);
  });

  test("of what is exposed is what the catalog has", async () => {
    const { sandbox, json } = await aDatasphereSandbox({ assets: 200 });
    const { value } = await json<{ readonly value: readonly { readonly spaceName: string; readonly name: string }[] }>(
      "/api/v1/datasphere/consumption/catalog/assets",
    );
    const { items } = await aTenantSource(sandbox, { scope: { ...WHOLE_TENANT, exposed_only: true } }).list();
    expect(items.map(({ id }) => id).toSorted()).toEqual(value.map(({ spaceName, name }) => `${spaceName}.${name}`).toSorted());
    const [first] = value.filter(({ name }) => !name.startsWith("AM_"));
    sandbox.edit({ edit: "unexpose", space: first?.spaceName ?? "", name: first?.name ?? "" });
    const { source, list } = aTenantSource(sandbox, { scope: { ...WHOLE_TENANT, exposed_only: true } });
    expect((await list()).items).toHaveLength(items.length - 1);
    const id = `${first?.spaceName}.${first?.name}`;
    expect((await source.confirm([id], { signal: new AbortController().signal })).get(id)).toBe("withdrawn");
  });

  test("of what is deployed leaves out what was never deployed, of what is saved has it", async () => {
    const { sandbox } = await aDatasphereSandbox({ spaces: ["SALES"] });
    sandbox.edit({ edit: "add", space: "SALES", name: "DRAFT", deploy: false });
    const has = async (definition: "deployed" | "saved"): Promise<boolean> => {
      const { list, read } = aTenantSource(sandbox, { scope: { ...WHOLE_TENANT, definition } });
      const { items } = await list();
      const drafts = items.filter(({ id }) => id === "SALES.DRAFT");
      for (const result of (await read(drafts)).values()) expect(result.kind).toBe("asset");
      return drafts.length > 0;
    };
    expect([await has("deployed"), await has("saved")]).toEqual([false, true]);
  });
});

describe("a read policy", () => {
  const policy = { max_age_ms: 60_000, budget: null };

  test("spares what was read a while ago, and reads what the list tells of or what is due", async () => {
    const { sandbox } = await aDatasphereSandbox({ spaces: ["SALES"], assets: 20, analyticModels: 0 });
    let now = 1_000_000;
    const clock = { now: () => now, monotonic: () => performance.now(), sleep: async () => undefined };
    const { list, read } = aTenantSource(sandbox, { policy, clock });
    const first = await list();
    await read(first.items);
    expect((await list()).items.filter(({ token }) => token === null)).toEqual([]);
    const label = sandbox.edit({ edit: "random", does: "change", count: 1, edits: ["column added"] });
    expect((await list()).items.filter(({ token }) => token === null)).toEqual([]);
    expect(label).toHaveLength(1);
    now += 60_000;
    expect((await list()).items.filter(({ token }) => token === null)).toHaveLength(20);
  });

  test("reads no more than its budget, the longest unread first, and says what it left", async () => {
    const { sandbox } = await aDatasphereSandbox({ spaces: ["SALES"], assets: 20, analyticModels: 0 });
    let now = 1_000_000;
    const clock = { now: () => now, monotonic: () => performance.now(), sleep: async () => undefined };
    const { list, read } = aTenantSource(sandbox, { policy: { ...policy, budget: 8 }, clock });
    await read((await list()).items);
    const reads: string[] = [];
    const left: string[] = [];
    for (let run = 0; run < 3; run++) {
      now += 60_000;
      const { items, problems } = await list();
      const due = items.filter(({ token }) => token === null);
      expect(due.length).toBeLessThanOrEqual(8);
      left.push(...problems.map(({ message }) => message));
      reads.push(...due.map(({ id }) => id));
      await read(due);
    }
    expect(new Set(reads).size).toBe(20);
    expect(left[0]).toMatch(/^12 assets were due to be read again and left for a later run/);
  });
});

describe("an analytic model", () => {
  const definition = {
    kind: "entity",
    elements: {
      AMOUNT: { "@AnalyticsDetails.measureType": { "#": "BASE" } },
    },
    "@ObjectModel.modelingPattern": { "#": "ANALYTICAL_CUBE" },
    "@DataWarehouse.editorType": { "#": "DWCQueryModelEditor" },
    query: { SELECT: { from: { ref: ["FACTS"] }, columns: [{ ref: ["FACTS", "AMOUNT"] }] } },
  };
  const facts = (precision: number): JsonObject => ({
    kind: "entity",
    elements: { ID: { type: "cds.Integer" }, AMOUNT: { type: "cds.Decimal", precision, scale: 2 }, OTHER: { type: "cds.Date" } },
  });

  async function aModel(space: string) {
    const { sandbox } = await aDatasphereSandbox({ assets: 1, spaces: ["SALES", "OTHER"], profile: "tokens" });
    const ref = space === "SALES" ? "FACTS" : `${space}.FACTS`;
    const over = { ...definition, query: { SELECT: { from: { ref: [ref], as: "FACTS" }, columns: [{ ref: ["FACTS", "AMOUNT"] }] } } };
    sandbox.edit(
      { edit: "add", space, name: "FACTS", type: "localtables", definition: facts(10) },
      { edit: "add", space: "SALES", name: "MODEL", type: "analyticmodels", definition: over },
    );
    return sandbox;
  }

  test.each(["SALES", "OTHER"])(
    "has the types of its facts in %s, and is told anew when they are others",
    async (space) => {
      const sandbox = await aModel(space);
      const { list, read } = aTenantSource(sandbox);
      const modelIn = async () => (await list()).items.filter(({ id }) => id === "SALES.MODEL");
      const typeNow = async () => {
        const result = (await read(await modelIn())).get("SALES.MODEL");
        return result?.kind === "asset" ? [result.asset.schema.data_types["AMOUNT"], result.token] : null;
      };
      const first = await typeNow();
      expect(first?.[0]).toBe("cds.Decimal(10,2)");
      expect((await modelIn())[0]?.token).toBe(first?.[1]);
      sandbox.edit({ edit: "change", space, name: "FACTS", definition: { ...facts(10), "@EndUserText.label": "Only the label" } });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await modelIn())[0]?.token).toBe(first?.[1]);
      sandbox.edit({ edit: "change", space, name: "FACTS", definition: facts(12) });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await modelIn())[0]?.token).not.toBe(first?.[1]);
      expect((await typeNow())?.[0]).toBe("cds.Decimal(12,2)");
    },
    20_000,
  );

  test("whose facts lost a column was read in every run: it is known by the tokens of both, and read again once the column is back", async () => {
    const sandbox = await aModel("SALES");
    const other = { kind: "entity", elements: { OTHER: { type: "cds.Integer" } } };
    sandbox.edit({ edit: "change", space: "SALES", name: "FACTS", definition: other });
    const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 2_100));
    await settled();
    const { list, read } = aTenantSource(sandbox);
    const modelIn = async () => (await list()).items.filter(({ id }) => id === "SALES.MODEL");
    const result = (await read(await modelIn())).get("SALES.MODEL");
    expect(result?.kind === "asset" && result.token).toMatch(/;types:/);
    expect((await modelIn())[0]?.token).toBe(result?.kind === "asset" && result.token);
    sandbox.edit({ edit: "change", space: "SALES", name: "FACTS", definition: facts(10) });
    await settled();
    expect((await modelIn())[0]?.token).not.toBe(result?.kind === "asset" && result.token);
  }, 20_000);

  test("whose facts cannot be read has the types that it exposes", async () => {
    const sandbox = await aModel("OTHER");
    sandbox.fault({ fault: "forbidden", operation: "read_object", space: "OTHER", name: "FACTS", times: "always" });
    const { list, read } = aTenantSource(sandbox);
    const result = (await read((await list()).items.filter(({ id }) => id === "SALES.MODEL"))).get("SALES.MODEL");
    expect(result?.kind === "asset" && result.asset.schema.data_types["AMOUNT"]).toBe("cds.Decimal(10,2)");
    expect((await list()).items.find(({ id }) => id === "SALES.MODEL")?.token).toBeNull();
  });
});
