import { expect, onTestFinished, test } from "vitest";
import { aDatasphereSandbox } from "../../../../test/helpers/sandbox-datasphere.ts";
import { tenantOptions } from "../../../../test/helpers/tenant-source.ts";
import type { DatasphereSandbox, Settings } from "../../../sandbox/datasphere/start-datasphere-sandbox.ts";
import { edmxRoles } from "../edmx/to-asset.ts";
import { openTenant } from "../tenant.ts";
import type { TenantHttp } from "../tenant-http.ts";
import { Catalog } from "./catalog.ts";
import type { ExposedAsset } from "./exposed-asset.ts";
import { readMetadata } from "./metadata.ts";

const signal = new AbortController().signal;

interface Scene {
  readonly sandbox: DatasphereSandbox;
  readonly http: TenantHttp;
  readonly catalog: Catalog;
  assets(space: string): Promise<readonly ExposedAsset[]>;
}

async function aScene(settings: Partial<Settings> = {}, assets = 300): Promise<Scene> {
  const { sandbox } = await aDatasphereSandbox({ assets, settings });
  const options = tenantOptions(sandbox);
  onTestFinished(options.close);
  const http = openTenant(options);
  const catalog = new Catalog(http);
  return { sandbox, http, catalog, assets: async (space) => (await Array.fromAsync(catalog.assets(space, { signal }))).flat() };
}

async function everyAsset({ catalog, assets }: Scene): Promise<readonly ExposedAsset[]> {
  const spaces = await catalog.spaces({ signal });
  return (await Promise.all(spaces.map(assets))).flat();
}

test.each<readonly [string, Partial<Settings>]>([
  ["a tenant as documented", {}],
  ["spaces as a bare list", { bare_spaces: true }],
  ["small pages", { catalog_page: 3 }],
  ["small pages with links", { catalog_page: 3, next_links_with_top: true, next_links: "relative" }],
  ["only today's paths", { old_paths: false }],
  ["only the deprecated paths", { new_paths: false }],
])("every exposed asset is listed with its documents: %s", async (_what, settings) => {
  const scene = await aScene(settings);
  const found = await everyAsset(scene);
  const expected = await everyAsset(await aScene());
  expect(found.map(({ space, name, label }) => [space, name, label])).toEqual(
    expected.map(({ space, name, label }) => [space, name, label]),
  );
  expect(found.length).toBeGreaterThan(5);
  for (const { space, name, documents } of found) {
    for (const [mode, generation] of Object.entries(documents)) {
      const reply = await readMetadata(scene.http, { space, name, mode: mode as "relational", generation }, { signal });
      expect([name, mode, reply.kind]).toEqual([name, mode, "document"]);
    }
  }
});

test("today's paths are asked first, the deprecated ones only where the tenant does not know those, and this is found out once", async () => {
  const scene = await aScene({ new_paths: false });
  await everyAsset(scene);
  const roots = scene.sandbox.requests().filter(({ operation }) => operation === "catalog_root");
  expect(roots.map(({ url, status }) => [url, status])).toEqual([
    ["/api/v1/datasphere/consumption/catalog", 404],
    ["/api/v1/dwc/catalog", 200],
  ]);
});

test("a space that the technical user is no member of is refused, not empty", async () => {
  const scene = await aScene();
  scene.sandbox.edit({ edit: "forbid", space: "SALES" });
  await expect(scene.assets("SALES")).rejects.toMatchObject({ kind: "forbidden", status: 403 });
});

test("a view that is not exposed any more is in no list, and its document is absent", async () => {
  const scene = await aScene();
  const view = (await everyAsset(scene)).find(({ documents }) => documents.relational !== undefined) as ExposedAsset;
  scene.sandbox.edit({ edit: "unexpose", space: view.space, name: view.name });
  expect((await scene.assets(view.space)).map(({ name }) => name)).not.toContain(view.name);
  const address = { space: view.space, name: view.name, mode: "relational", generation: "new" } as const;
  expect(await readMetadata(scene.http, address, { signal })).toMatchObject({ kind: "absent" });
});

test("an analytic model has an analytical document alone, which tells its roles", async () => {
  const scene = await aScene();
  const model = (await everyAsset(scene)).find(({ documents }) => documents.relational === undefined) as ExposedAsset;
  const reply = await readMetadata(
    scene.http,
    { ...model, mode: "analytical", generation: model.documents.analytical ?? "new" },
    { signal },
  );
  if (reply.kind !== "document") throw new Error(reply.kind);
  const { dimensions, measures } = edmxRoles(reply.edmx, model.name);
  expect(dimensions.length).toBeGreaterThan(0);
  expect(measures.length).toBeGreaterThan(0);
});

test("a tag that the tenant gave for a document is asked with, and holds until the document is another", async () => {
  const scene = await aScene({ etags: true });
  const view = (await everyAsset(scene)).find(({ documents }) => documents.relational !== undefined) as ExposedAsset;
  const address = { space: view.space, name: view.name, mode: "relational", generation: "new" } as const;
  const first = await readMetadata(scene.http, address, { signal });
  const known = first.kind === "document" ? (first.etag ?? undefined) : undefined;
  expect(known).toMatch(/^"/);
  expect(await readMetadata(scene.http, address, { signal, known })).toEqual({ kind: "unchanged" });
  scene.sandbox.edit({ edit: "change", space: view.space, name: view.name, edits: ["column added"] });
  expect(await readMetadata(scene.http, address, { signal, known })).toMatchObject({ kind: "document" });
});

test.each(["cut_body", "duplicate_attribute", "deep_xml", "entity_expansion", "external_entity"] as const)(
  "a document with %s is refused, and never one with fewer columns",
  async (fault) => {
    const scene = await aScene();
    const view = (await everyAsset(scene)).find(({ documents }) => documents.relational !== undefined) as ExposedAsset;
    scene.sandbox.fault({ fault, operation: "metadata" });
    const read = readMetadata(scene.http, { ...view, mode: "relational", generation: "new" }, { signal });
    await expect(read).rejects.toMatchObject({ name: "AssetError", message: expect.stringMatching(/^it /) });
  },
);

test.each([
  "object_instead_of_list",
  "nameless_row",
  "duplicate_row",
  "dropped_row",
  "wrong_count",
  "ignored_skip",
  "cut_body",
  "html",
] as const)("a catalog page with %s: its space is not listed whole", async (fault) => {
  const scene = await aScene({ catalog_page: 4 });
  await scene.catalog.spaces({ signal });
  scene.sandbox.fault({ fault, operation: "catalog_assets", times: "always" });
  await expect(scene.assets("SALES")).rejects.toMatchObject({ name: "TenantError" });
});

test("a row of another space is no row of this one", async () => {
  const foreign = { name: "A", spaceName: "HR" };
  const http: TenantHttp = {
    get: ({ url }) =>
      Promise.resolve({
        status: 200,
        headers: new Map(),
        body: new TextEncoder().encode(JSON.stringify({ value: [foreign], "@odata.count": 1 })),
        url: `https://t.example${url}`,
      }),
  };
  await expect(Array.fromAsync(new Catalog(http).assets("SALES", { signal }))).rejects.toThrow(/an asset of another space/);
});

test("a collection that cannot be counted is listed without", async () => {
  const asked: string[] = [];
  const http: TenantHttp = {
    get: ({ url }) => {
      asked.push(url);
      const status = url.includes("$count") ? 400 : 200;
      const body = new TextEncoder().encode(
        JSON.stringify(status === 400 ? { error: { message: "Not supported: $count" } } : { value: [{ name: "A", spaceName: "SALES" }] }),
      );
      return Promise.resolve({ status, headers: new Map(), body, url: `https://t.example${url}` });
    },
  };
  const catalog = new Catalog(http);
  const names = (await Array.fromAsync(catalog.assets("SALES", { signal }))).flat().map(({ name }) => name);
  expect(names).toEqual(["A"]);
  expect(asked.filter((url) => url.includes("$count")).length).toBe(1);
});
