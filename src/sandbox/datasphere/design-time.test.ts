import { expect, test } from "vitest";
import { aDatasphereSandbox, type TenantCaller } from "../../../test/helpers/sandbox-datasphere.ts";
import { identityOf } from "../tenant/identity.ts";
import { tenant } from "../tenant/tenant.ts";

const CORE = "/dwaas-core/api/v1/spaces";
const CSN = { accept: "application/vnd.sap.datasphere.object.content+json" };
const RUN_TIME = { accept: "application/vnd.sap.datasphere.object.content.run-time+json" };
const DESIGN_TIME = { accept: "application/vnd.sap.datasphere.object.content.design-time+json" };

interface Row {
  readonly technicalName: string;
  readonly [property: string]: unknown;
}
interface Csn {
  readonly definitions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

test("lists come in pages of 25, or of at most 200, and hold every asset once", async () => {
  const { json, get } = await aDatasphereSandbox({ assets: 900, analyticModels: 0, spaces: ["SALES"] });
  const names: string[] = [];
  const sizes: number[] = [];
  for (const type of ["localtables", "remotetables", "views"]) {
    for (let skip = 0, size = 200; size === 200; skip += size) {
      const rows = await json<Row[]>(`${CORE}/SALES/${type}?top=200&skip=${skip}`);
      size = rows.length;
      sizes.push(size);
      names.push(...rows.map(({ technicalName }) => technicalName));
    }
  }

  const world = { seed: 1, spaces: ["SALES"] };
  expect(names.toSorted()).toEqual(Array.from({ length: 900 }, (_, number) => identityOf(world, number).name).toSorted());
  expect(sizes.filter((size) => size === 200).length).toBeGreaterThan(2);
  expect((await json<Row[]>(`${CORE}/SALES/views`)).length).toBe(25);
  expect((await get(`${CORE}/SALES/views?top=201`)).status).toBe(400);
});

test("a row holds what was selected, by default the technical name alone", async () => {
  const { json, get } = await aDatasphereSandbox();

  expect(Object.keys((await json<Row[]>(`${CORE}/SALES/views?top=1`))[0] ?? {})).toEqual(["technicalName"]);
  expect((await json<Row[]>(`${CORE}/SALES/views?top=1&select=status,technicalName,businessName,semanticUsage,type`))[0]).toEqual({
    status: "Deployed",
    technicalName: expect.any(String),
    businessName: expect.any(String),
    semanticUsage: expect.stringMatching(/^[A-Z_]+$/),
    type: "views",
  });
  const refused = await get(`${CORE}/SALES/views?select=technicalName,changedOn`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({ details: { message: "The property changedOn cannot be selected." } });
});

test("where the tenant offers times, a change moves the one of its object alone", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ profile: "tokens" });
  const list = (): Promise<Row[]> => json<Row[]>(`${CORE}/SALES/views?top=200&select=technicalName,changedOn,deployedOn`);
  const before = await list();
  const name = before[1]?.technicalName ?? "";
  sandbox.edit({ edit: "change", space: "SALES", name });
  const after = await list();

  expect(after.filter((row, at) => JSON.stringify(row) !== JSON.stringify(before[at])).map(({ technicalName }) => technicalName)).toEqual([
    name,
  ]);
  expect(String(after[1]?.["changedOn"]) > String(before[1]?.["changedOn"])).toBe(true);
});

test("a read is what the generator made, without what is of another object", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 40, analyticModels: 0, spaces: ["SALES"] });
  for (const { name, definition } of [...tenant({ assets: 40, seed: 1, spaces: ["SALES"] })].slice(0, 10)) {
    expect(await json(`${CORE}/SALES/${await typeOf(name, json)}/${name}`, CSN)).toEqual({ definitions: { [name]: definition } });
  }
  sandbox.settings({ by_catch: true });
  const [first] = [...tenant({ assets: 40, seed: 1, spaces: ["SALES"] })];
  const caught = await json<Csn>(`${CORE}/SALES/${await typeOf(first?.name ?? "", json)}/${first?.name}`, CSN);
  expect(Object.keys(caught.definitions)).toEqual(["SAP", "SAP.TIME", first?.name]);
});

test("without a media type of its own a read is no CSN", async () => {
  const { json } = await aDatasphereSandbox();
  const [{ technicalName } = { technicalName: "" }] = await json<Row[]>(`${CORE}/SALES/localtables`);
  const plain = await json<Row>(`${CORE}/SALES/localtables/${technicalName}`, { accept: "application/json" });

  expect(plain.technicalName).toBe(technicalName);
  expect(plain["definitions"]).toBeUndefined();
});

test("what is saved and not deployed shows in the design-time definition, its time and its status alone", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ profile: "tokens" });
  const [{ technicalName: name } = { technicalName: "" }] = await json<Row[]>(`${CORE}/SALES/views`);
  const path = `${CORE}/SALES/views/${name}`;
  const label = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    (await json<Csn>(path, headers)).definitions[name]?.["@EndUserText.label"];
  const before = await label(RUN_TIME);
  const row = async (): Promise<Row | undefined> => (await json<Row[]>(`${CORE}/SALES/views?top=1&select=status,changedOn,deployedOn`))[0];
  const deployedOn = (await row())?.["deployedOn"];
  sandbox.edit({ edit: "change", space: "SALES", name, edits: ["label changed"], deploy: false });

  expect(await label(RUN_TIME)).toBe(before);
  expect(await label(DESIGN_TIME)).not.toBe(before);
  expect(await row()).toMatchObject({ status: "Changes to Deploy", deployedOn });
  sandbox.edit({ edit: "deploy", space: "SALES", name });
  expect(await label(RUN_TIME)).toBe(await label(DESIGN_TIME));

  sandbox.edit({ edit: "add", space: "SALES", name: "FRESH", type: "views", deploy: false });
  expect((await get(`${CORE}/SALES/views/FRESH`, RUN_TIME)).status).toBe(404);
  expect((await get(`${CORE}/SALES/views/FRESH`, DESIGN_TIME)).status).toBe(200);
});

test("an object of another type, an unknown one, and one of a space that is not ours", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox();
  const [{ technicalName } = { technicalName: "" }] = await json<Row[]>(`${CORE}/SALES/localtables`);
  sandbox.edit({ edit: "forbid", space: "HR" });

  expect((await get(`${CORE}/SALES/views/${technicalName}`, CSN)).status).toBe(404);
  expect((await get(`${CORE}/SALES/views/NO_SUCH`, CSN)).status).toBe(404);
  expect((await get(`${CORE}/SALES/no_such_type`)).status).toBe(404);
  expect((await get(`${CORE}/HR/views`)).status).toBe(403);
  expect((await get(`${CORE}/HR/views/NO_SUCH`, CSN)).status).toBe(403);
  expect((await get(`${CORE}/NO_SUCH/views`)).status).toBe(403);
  expect(await json(CORE)).toEqual(["SALES", "FINANCE", "LOGISTICS", "PROCUREMENT", "SHARED_DATA"]);
});

test("a name may hold whatever a path can carry", async () => {
  const { json, sandbox } = await aDatasphereSandbox();
  for (const name of ["SAP.TIME.VIEW_DIMENSION_DAY", "a/b c%20'd'", "__proto__", "Zażółć"]) {
    sandbox.edit({ edit: "add", space: "SALES", name, type: "views", definition: { kind: "entity", elements: {}, query: { SELECT: {} } } });
    const { definitions } = await json<Csn>(`${CORE}/SALES/views/${encodeURIComponent(name)}`, CSN);
    expect(Object.keys(definitions)).toEqual([name]);
  }
});

test("where the tenant offers entity tags, an unchanged object costs no body", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ profile: "etags" });
  const [{ technicalName: name } = { technicalName: "" }] = await json<Row[]>(`${CORE}/SALES/views`);
  const path = `${CORE}/SALES/views/${name}`;
  const etag = (await get(path, CSN)).headers.get("etag") ?? "";
  const again = await get(path, { ...CSN, "if-none-match": etag });

  expect(etag).toMatch(/^"[\w+/=]{44}"$/);
  expect([again.status, await again.text()]).toEqual([304, ""]);
  sandbox.edit({ edit: "change", space: "SALES", name });
  expect((await get(path, { ...CSN, "if-none-match": etag })).status).toBe(200);
  sandbox.settings({ etags: false });
  expect((await get(path, { ...CSN, "if-none-match": etag })).headers.get("etag")).toBeNull();
});

test("a bulk read holds the tables and views of its space as their reads do, and nothing else", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ profile: "bulk", assets: 80, analyticModels: 10, flows: 10 });
  const bulk = await json<{ readonly SALES: Csn }>("/dwaas-core/api/v1/content?space=SALES&definitions=true");
  const names: string[] = [];
  for (const type of ["localtables", "remotetables", "views"]) {
    for (const { technicalName } of await json<Row[]>(`${CORE}/SALES/${type}?top=200`)) {
      names.push(technicalName);
      const read = await json<Csn>(`${CORE}/SALES/${type}/${technicalName}`, CSN);
      expect(bulk.SALES.definitions[technicalName]).toEqual(read.definitions[technicalName]);
    }
  }

  expect(Object.keys(bulk.SALES.definitions)).toEqual(names);
  expect(
    Object.keys((await json<{ readonly SALES: Csn }>(`/dwaas-core/api/v1/content?space=SALES&definitions=${names[2]}`)).SALES.definitions),
  ).toEqual([names[2]]);
  expect(await json("/dwaas-core/api/v1/content?space=SALES&spaceDefinition=true")).toEqual({
    SALES: { spaceDefinition: { version: "1.0.4", label: "SALES" } },
  });
  sandbox.settings({ bulk: false });
  expect((await get("/dwaas-core/api/v1/content?space=SALES&definitions=true")).status).toBe(404);
});

test("answers are compressed for those who take it, and counted as they were sent", async () => {
  const { get, json, sandbox } = await aDatasphereSandbox();
  const [{ technicalName } = { technicalName: "" }] = await json<Row[]>(`${CORE}/SALES/views`);
  const sizes: number[] = [];
  for (const encoding of ["gzip, deflate", "identity"]) {
    sandbox.reset({ counts: true });
    const answer = await get(`${CORE}/SALES/views/${technicalName}`, { ...CSN, "accept-encoding": encoding });
    await answer.text();
    expect(answer.headers.get("content-encoding")).toBe(encoding === "identity" ? null : "gzip");
    sizes.push(sandbox.counts().bytes_out);
  }
  expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) / 2);
});

test("the discovery document names the operations, what lists can select and the largest page", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ profile: "tokens" });
  const document = await json<{ readonly openapi: string; readonly paths: Readonly<Record<string, { readonly get: Operation }>> }>(
    "/dwaas-core/api/v1/discovery",
  );
  const list = document.paths[`${CORE}/{space}/views`]?.get;

  expect(document.openapi).toBe("3.0.3");
  expect(list?.operationId).toBe("objects views list");
  expect(list?.parameters.find(({ name }) => name === "select")?.schema.items?.enum).toContain("changedOn");
  expect(list?.parameters.find(({ name }) => name === "top")?.schema.maximum).toBe(200);
  expect(Object.values(document.paths).map(({ get: { operationId } }) => operationId)).not.toContain("spaces read");
  expect((await get(CORE)).headers.get("x-sap-cli-core-discovery-etag")).toMatch(/^[\w+/]{43}=$/);
  sandbox.settings({ discovery: false });
  expect((await get("/dwaas-core/api/v1/discovery")).status).toBe(404);
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly schema: { readonly items?: { readonly enum: readonly string[] }; readonly maximum?: number };
  }[];
}

async function typeOf(name: string, json: TenantCaller["json"]): Promise<string> {
  for (const type of ["localtables", "remotetables", "views"]) {
    if ((await json<Row[]>(`${CORE}/SALES/${type}?top=200`)).some(({ technicalName }) => technicalName === name)) return type;
  }
  throw new Error(`${name} is in no list`);
}
