import { expect, test } from "vitest";
import { aDatasphereSandbox, type TenantCaller } from "../../../test/helpers/sandbox-datasphere.ts";

const NEW = "/api/v1/datasphere/consumption/catalog";
const OLD = "/api/v1/dwc/catalog";

interface Asset {
  readonly name: string;
  readonly spaceName: string;
  readonly assetRelationalMetadataUrl: string | null;
  readonly assetAnalyticalMetadataUrl: string | null;
  readonly supportsAnalyticalQueries: boolean;
}
interface Page<T = Asset> {
  readonly "@odata.context": string;
  readonly "@odata.count"?: number;
  readonly "@odata.nextLink"?: string;
  readonly value: readonly T[];
}

test("the catalog's root names its two sets, under the paths of today and the deprecated ones", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox();
  for (const root of [NEW, OLD]) {
    expect(await json(root)).toEqual({
      "@odata.context": `${sandbox.url}${root}/$metadata`,
      "@odata.metadataEtag": expect.stringMatching(/^W\/"[\w+/=]{44}"$/),
      value: [
        { name: "assets", url: "assets" },
        { name: "spaces", url: "spaces" },
      ],
    });
  }
  const metadata = await get(`${NEW}/$metadata`);
  expect(metadata.headers.get("content-type")).toContain("application/xml");
  expect(await metadata.text()).toContain('<NavigationProperty Name="assets" Type="Collection(CatalogService.assets)"/>');
  sandbox.settings({ new_paths: false });
  expect([(await get(`${NEW}/spaces`)).status, (await get(`${OLD}/spaces`)).status]).toEqual([404, 200]);
});

test("spaces are those that the user is a member of; some tenants answer with them as a bare array", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ spaces: ["A", "B"] });
  sandbox.edit({ edit: "forbid", space: "B" });

  expect((await json<Page>(`${NEW}/spaces`)).value).toEqual([{ name: "A", label: "A" }]);
  expect(await json(`${NEW}/spaces('A')`)).toMatchObject({ name: "A", label: "A" });
  sandbox.settings({ bare_spaces: true });
  expect(await json(`${NEW}/spaces`)).toEqual([{ name: "A", label: "A" }]);
});

test("assets are the exposed ones alone: views that were opened, and analytic models", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ assets: 100, analyticModels: 5 });
  const all = async (): Promise<readonly Asset[]> => (await json<Page>(`${NEW}/assets`)).value;
  const before = await all();
  const model = before.find(({ assetRelationalMetadataUrl }) => assetRelationalMetadataUrl === null);
  const view = before.find(({ assetRelationalMetadataUrl }) => assetRelationalMetadataUrl !== null);

  expect(before.filter(({ assetRelationalMetadataUrl }) => assetRelationalMetadataUrl === null).length).toBe(5);
  expect(model).toMatchObject({ supportsAnalyticalQueries: true, assetRelationalDataUrl: null });
  expect(model?.assetAnalyticalMetadataUrl).toBe(
    `${sandbox.url}/api/v1/datasphere/consumption/analytical/${model?.spaceName}/${model?.name}/$metadata`,
  );
  expect(view?.assetRelationalMetadataUrl).toBe(
    `${sandbox.url}/api/v1/dwc/consumption/relational/${view?.spaceName}/${view?.name}/$metadata`,
  );
  const { spaceName: space = "", name = "" } = view ?? {};
  expect(await json(`${NEW}/spaces('${space}')/assets('${name}')`)).toMatchObject({ ...view });
  sandbox.edit({ edit: "unexpose", space, name });
  expect((await all()).map((asset) => asset.name)).toEqual(before.map((asset) => asset.name).filter((other) => other !== name));
  expect((await get(`${NEW}/assets(spaceName='${space}',name='${name}')`)).status).toBe(404);
});

test("the server pages by links of 500, which may be written in three ways, and holds every asset once", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 1300, analyticModels: 1200, spaces: ["SALES"] });
  const whole = await namesBy(`${sandbox.url}${NEW}/assets`, json);
  expect(whole.sizes).toEqual([500, 500, expect.any(Number)]);
  expect(new Set(whole.names).size).toBe(whole.names.length);
  for (const form of ["path", "relative"] as const) {
    sandbox.settings({ next_links: form });
    expect((await namesBy(`${sandbox.url}${NEW}/spaces('SALES')/assets`, json)).names).toEqual(whole.names);
  }
});

test("who asks with $top pages by himself: at most 500 rows, and no link unless the tenant gives one all the same", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 1300, analyticModels: 1200, spaces: ["SALES"] });
  const path = `${NEW}/spaces('SALES')/assets?$top=1000&$skip=100&$count=true&$select=name`;
  const page = await json<Page>(path);

  expect(page.value.length).toBe(500);
  expect(Object.keys(page.value[0] ?? {})).toEqual(["name"]);
  expect(page["@odata.count"]).toBeGreaterThan(1200);
  expect(page["@odata.nextLink"]).toBeUndefined();
  sandbox.settings({ next_links_with_top: true });
  const linked = await json<Page>(path);
  expect((await json<Page>(linked["@odata.nextLink"] ?? "")).value[0]).toEqual(
    (await json<Page>(`${NEW}/assets?$top=1&$skip=600&$select=name`)).value[0],
  );
});

test("a filter by space is understood, others and unknown options are refused in OData's words", async () => {
  const { json, get } = await aDatasphereSandbox({ assets: 200, analyticModels: 50 });
  const page = await json<Page>(`${NEW}/assets?$filter=${encodeURIComponent("spaceName eq 'HR'")}`);
  expect(new Set(page.value.map(({ spaceName }) => spaceName))).toEqual(new Set(["HR"]));
  for (const query of ["$filter=assetType%20eq%20'x'", "$search=x", "$top=many"]) {
    const refused = await get(`${NEW}/assets?${query}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: { code: "400", message: expect.any(String) } });
  }
  expect((await get(`${NEW}/spaces('NOT_OURS')/assets`)).status).toBe(403);
});

async function namesBy(
  url: string,
  json: TenantCaller["json"],
): Promise<{ readonly names: readonly string[]; readonly sizes: readonly number[] }> {
  const names: string[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = url; next !== undefined;) {
    const page: Page = await json<Page>(next);
    names.push(...page.value.map(({ name }) => name));
    sizes.push(page.value.length);
    next = page["@odata.nextLink"] === undefined ? undefined : new URL(page["@odata.nextLink"], next).href;
  }
  return { names, sizes };
}
