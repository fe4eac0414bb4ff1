import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import { expect, test } from "vitest";
import { aDatasphereSandbox, type TenantCaller } from "../../../test/helpers/sandbox-datasphere.ts";
import type { Fault } from "./faults.ts";
import type { FaultName } from "./strikes.ts";
import { STRIKES } from "./strikes.ts";

const LIST = "/dwaas-core/api/v1/spaces/SALES/views?top=200";
const ASSETS = "/api/v1/datasphere/consumption/catalog/spaces('SALES')/assets";
const CSN = { accept: "application/vnd.sap.datasphere.object.content+json" };
const XML = { accept: "application/xml" };
const SMALL = { assets: 60, analyticModels: 20, spaces: ["SALES"] };

/** What a caller meets: an answer, or a connection that broke. */
interface Met {
  readonly status?: number;
  readonly type?: string | null;
  readonly body?: string;
  readonly broken?: true;
}

const like =
  (expected: Met): ((met: Met) => void) =>
  (met) =>
    expect(met).toMatchObject(expected);
const BROKEN: Met = { broken: true };
const STRUCK: readonly [fault: Fault, path: string, check: (met: Met) => void][] = [
  [{ fault: "reset" }, LIST, like(BROKEN)],
  [{ fault: "hang", ms: 20 }, LIST, like(BROKEN)],
  [{ fault: "truncated_body" }, LIST, like(BROKEN)],
  [{ fault: "truncated_chunk" }, LIST, like(BROKEN)],
  [{ fault: "corrupt_gzip" }, LIST, like(BROKEN)],
  // What `fetch` makes of it: half of the text, and no error.
  [{ fault: "cut_gzip" }, LIST, (met) => expect(() => JSON.parse(met.body ?? "")).toThrow(SyntaxError)],
  [{ fault: "drip", ms: 50 }, LIST, (met) => expect(rowsIn(met).length).toBeGreaterThan(5)],
  [{ fault: "cut_body" }, LIST, (met) => expect(() => JSON.parse(met.body ?? "")).toThrow(SyntaxError)],
  [{ fault: "empty_body" }, LIST, like({ status: 200, body: "" })],
  [{ fault: "wrong_content_type" }, LIST, like({ status: 200, type: "text/plain" })],
  [{ fault: "unauthorized" }, LIST, like({ status: 401 })],
  [{ fault: "forbidden" }, LIST, like({ status: 403 })],
  [{ fault: "not_found" }, LIST, like({ status: 404 })],
  [{ fault: "throttle" }, LIST, like({ status: 429 })],
  [{ fault: "internal_error" }, LIST, like({ status: 500 })],
  [{ fault: "bad_gateway" }, LIST, like({ status: 502 })],
  [{ fault: "unavailable" }, LIST, like({ status: 503 })],
  [{ fault: "gateway_timeout" }, LIST, like({ status: 504 })],
  [{ fault: "status", status: 418 }, LIST, like({ status: 418 })],
  [{ fault: "html" }, LIST, (met) => expect(met).toMatchObject({ status: 200, type: expect.stringContaining("html") })],
  [{ fault: "object_instead_of_list" }, LIST, (met) => expect(rowsIn(met)).toEqual({ message: "The service is busy.", details: {} })],
  [{ fault: "nameless_row" }, LIST, (met) => expect(rowsIn(met).filter(({ technicalName }) => technicalName === undefined).length).toBe(1)],
  [{ fault: "deep_json" }, LIST, (met) => expect(met.body).toContain("[".repeat(70) + "]".repeat(70))],
  [{ fault: "deep_json", levels: 1_000_000 }, LIST, (met) => expect(met.body?.length).toBeGreaterThan(2_000_000)],
];

test.each(STRUCK)("$fault strikes one request, and the next is as ever", async (fault, path, check) => {
  const { get, sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.fault(fault);
  check(await meet(() => get(path)));

  expect(sandbox.requests().at(-1)).toMatchObject({ operation: "list_objects", space: "SALES", fault: fault.fault });
  expect((await meet(() => get(path))).status).toBe(200);
});

test("a throttled caller is told when to come back, in seconds, by a date, or not at all", async () => {
  const { get, sandbox } = await aDatasphereSandbox(SMALL);
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  sandbox.fault(
    { fault: "throttle", retry_after: "7" },
    { fault: "throttle", at: 2, retry_after: date },
    { fault: "throttle", at: 3, retry_after: "" },
  );
  const told = [];
  for (let turn = 0; turn < 3; turn++) told.push((await get(LIST)).headers.get("retry-after"));

  expect(told).toEqual(["7", date, null]);
});

test("a redirect leads to another host", async () => {
  const { get, sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "redirect" });
  const answer = await get(LIST);

  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://elsewhere.example/collect"]);
});

test("a slow answer is late and whole", async () => {
  const { get, sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "slow", ms: 60 });
  const start = performance.now();

  expect((await get(LIST)).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThan(55);
});

test("an answer that comes twice stands twice on the wire", async () => {
  const { sandbox, token } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "duplicate_response" });
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const asked = request(sandbox.url + LIST, { headers: { authorization: `Bearer ${token}`, connection: "close" } }, (answer) => {
      answer.resume().once("end", () => setTimeout(resolve, 20, null));
    });
    asked.once("error", resolve);
    asked.end();
  });

  expect(error === null || error.code?.startsWith("HPE_") === true || error.code === "ECONNRESET").toBe(true);
});

test("a gzip bomb is small on the way and large behind it", async () => {
  const { sandbox, token } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "gzip_bomb", bytes: 40_000_000 });
  const packed = await rawBody(sandbox.url + LIST, token);

  expect(packed.length).toBeLessThan(100_000);
  expect(gunzipSync(packed).length).toBe(40_000_000);
});

test("rows of a page are missing, twice there, or fewer than they say", async () => {
  const { json, sandbox } = await aDatasphereSandbox(SMALL);
  const page = async (): Promise<{ readonly "@odata.count"?: number; readonly value: readonly { readonly name: string }[] }> =>
    json(`${ASSETS}?$count=true`);
  const right = await page();
  const struck = async (fault: Fault): ReturnType<typeof page> => {
    sandbox.fault(fault);
    return page();
  };

  expect((await struck({ fault: "duplicate_row" })).value).toEqual([...right.value, right.value[0]]);
  expect((await struck({ fault: "dropped_row" })).value.length).toBe(right.value.length - 1);
  expect((await struck({ fault: "wrong_count" }))["@odata.count"]).toBe((right["@odata.count"] ?? 0) + 1);
  expect((await struck({ fault: "short_page", rows: 2 })).value).toEqual(right.value.slice(0, 2));
  expect(await page()).toEqual(right);
});

test("a next link is missing, leads elsewhere, leads back, or never ends", async () => {
  const { json, sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.settings({ catalog_page: 4 });
  const page = async (fault?: Fault): Promise<{ readonly "@odata.nextLink"?: string; readonly value: readonly object[] }> => {
    if (fault !== undefined) sandbox.fault(fault);
    return json(ASSETS);
  };

  expect((await page())["@odata.nextLink"]).toBe(`${sandbox.url}${ASSETS}?$skiptoken=4`);
  expect(await page({ fault: "missing_next_link" })).toMatchObject({ value: { length: 2 } });
  expect(await page({ fault: "missing_next_link" })).not.toHaveProperty(["@odata.nextLink"]);
  expect((await page({ fault: "foreign_next_link" }))["@odata.nextLink"]).toBe("https://elsewhere.example/collect?$skiptoken=1");
  expect((await page({ fault: "foreign_next_link", location: "//evil.example/x" }))["@odata.nextLink"]).toBe("//evil.example/x");
  expect((await page({ fault: "looping_next_link" }))["@odata.nextLink"]).toBe(`${sandbox.url}${ASSETS}`);
  const [endless, next] = [await page({ fault: "endless_next_link" }), await page({ fault: "endless_next_link" })];
  expect(endless.value).toEqual([]);
  expect(endless["@odata.nextLink"]).not.toBe(next["@odata.nextLink"]);
});

test("a page that ignores $skip is the first again", async () => {
  const { json, sandbox } = await aDatasphereSandbox(SMALL);
  const first = await json(LIST.replace("200", "3"));
  sandbox.fault({ fault: "ignored_skip" });

  expect(await json(`${LIST.replace("200", "3")}&skip=3`)).toEqual(first);
});

test("an object that goes between two pages shifts the next one, so that a live one is on neither", async () => {
  const { json, sandbox, get } = await aDatasphereSandbox(SMALL);
  const names = (await json<{ technicalName: string }[]>(LIST)).map(({ technicalName }) => technicalName);
  const size = 4;
  const page = (skip: number): Promise<{ technicalName: string }[]> => json(`${LIST.replace("200", String(size))}&skip=${skip}`);
  sandbox.fault({ fault: "shifting_page", at: 2 });
  const seen = [...(await page(0)), ...(await page(size))].map(({ technicalName }) => technicalName);

  expect(seen).toEqual([...names.slice(0, size), ...names.slice(size + 1, 2 * size + 1)]);
  expect((await get(`/dwaas-core/api/v1/spaces/SALES/views/${names[0]}`, CSN)).status).toBe(404);
  expect((await get(`/dwaas-core/api/v1/spaces/SALES/views/${names[size]}`, CSN)).status).toBe(200);
});

test("a read is stale, lacks its definition, or holds a broken or too deep one", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox({ ...SMALL, profile: "tokens" });
  const [{ technicalName: name } = { technicalName: "" }] = await json<{ technicalName: string }[]>(LIST);
  const path = `/dwaas-core/api/v1/spaces/SALES/views/${name}`;
  const before = await json(path, CSN);
  sandbox.edit({ edit: "change", space: "SALES", name, edits: ["label changed"] });

  sandbox.fault({ fault: "stale", operation: "read_object" });
  expect(await json(path, CSN)).toEqual(before);
  expect(await json(path, CSN)).not.toEqual(before);
  sandbox.fault({ fault: "missing_definition", name });
  expect(await json(path, CSN)).toEqual({ definitions: {} });
  sandbox.fault({ fault: "broken_definition" });
  expect(await json(path, CSN)).toEqual({ definitions: { [name]: { kind: "entity", elements: "none" } } });
  sandbox.fault({ fault: "deep_json" });
  expect(await (await get(path, CSN)).text()).toContain(`"@Sandbox.deep":${"[".repeat(70)}`);
});

test("metadata is cut between two elements, repeats an attribute, goes deep, or brings entities along", async () => {
  const { json, get, sandbox } = await aDatasphereSandbox(SMALL);
  const page = await json<{ value: { assetAnalyticalMetadataUrl: string | null }[] }>(ASSETS);
  const url = page.value.find(({ assetAnalyticalMetadataUrl }) => assetAnalyticalMetadataUrl !== null)?.assetAnalyticalMetadataUrl ?? "";
  const struck = async (fault: Fault): Promise<string> => {
    sandbox.fault(fault);
    return (await get(url, XML)).text();
  };

  expect(await struck({ fault: "cut_body" })).toMatch(/^<\?xml[\s\S]*>$/);
  expect(await struck({ fault: "cut_body" })).not.toContain("</edmx:Edmx>");
  expect(await struck({ fault: "duplicate_attribute" })).toMatch(/<Property Name="TWICE" Name="/);
  expect((await struck({ fault: "deep_xml" })).match(/<Collection>/g)?.length).toBe(200_000);
  expect(await struck({ fault: "entity_expansion" })).toContain('<!ENTITY e9 "&e8;&e8;');
  expect(await struck({ fault: "external_entity" })).toContain("SYSTEM");
});

test("a fault waits for its operation, space and turn, and strikes as often as it is told", async () => {
  const { get, sandbox } = await aDatasphereSandbox({ assets: 60, spaces: ["A", "B"] });
  sandbox.fault({ fault: "forbidden", operation: "list_objects", space: "B", at: 2, times: 2 });
  const statuses: number[] = [];
  for (const space of ["A", "B", "A", "B", "B", "B"]) statuses.push((await get(`/dwaas-core/api/v1/spaces/${space}/views`)).status);

  expect(statuses).toEqual([200, 200, 200, 403, 403, 200]);
  expect(sandbox.counts()).toMatchObject({ calls: 6, errors: 2, faults: 2, operations: { list_objects: { calls: 6, faults: 2 } } });
});

test("a fault that has no meaning for a request lets it pass", async () => {
  const { get, sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "deep_xml" }, { fault: "foreign_next_link" });

  expect((await get(LIST)).status).toBe(200);
  expect(sandbox.counts().faults).toBe(0);
});

test("the token endpoint is struck too", async () => {
  const { sandbox } = await aDatasphereSandbox(SMALL);
  sandbox.fault({ fault: "html", operation: "token" });

  expect((await fetch(sandbox.tokenUrl, { method: "POST", body: "" })).headers.get("content-type")).toContain("html");
});

test("every fault has a test of its strike", () => {
  const elsewhere: readonly FaultName[] = [
    ...(["slow", "duplicate_response", "gzip_bomb", "redirect", "duplicate_row", "dropped_row", "wrong_count", "short_page"] as const),
    ...(["missing_next_link", "foreign_next_link", "looping_next_link", "endless_next_link", "ignored_skip", "shifting_page"] as const),
    ...(["stale", "missing_definition", "broken_definition", "duplicate_attribute", "deep_xml", "entity_expansion"] as const),
    "external_entity",
  ];

  expect(new Set([...STRUCK.map(([{ fault }]) => fault), ...elsewhere])).toEqual(new Set(Object.keys(STRIKES)));
});

async function meet(ask: () => ReturnType<TenantCaller["get"]>): Promise<Met> {
  try {
    const answer = await ask();
    return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
  } catch {
    return BROKEN;
  }
}

function rowsIn({ body }: Met): readonly { readonly technicalName?: string }[] {
  return JSON.parse(body ?? "") as readonly { readonly technicalName?: string }[];
}

function rawBody(url: string, token: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { authorization: `Bearer ${token}` } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece)).once("end", () => resolve(Buffer.concat(pieces)));
    });
    asked.once("error", reject).end();
  });
}
