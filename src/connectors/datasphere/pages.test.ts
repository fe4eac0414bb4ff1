import { expect, test } from "vitest";
import { z } from "zod";
import { type PagedList, PAGE_LIMITS, pages } from "./pages.ts";
import { TenantError, type TenantHttp } from "./tenant-http.ts";

const signal = new AbortController().signal;
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `ROW_${n}`);

/** What a tenant answers, by the number of rows to leave out and how many it was asked before; and what it was asked. */
interface Script {
  readonly http: TenantHttp;
  readonly asked: string[];
}

function tenant(answer: (skip: number, turn: number, url: URL) => unknown): Script {
  const asked: string[] = [];
  return {
    asked,
    http: {
      get: ({ url }) => {
        asked.push(url);
        const address = new URL(url, "https://tenant.example");
        const body = answer(Number(address.searchParams.get("$skip") ?? 0), asked.length, address);
        if (body instanceof Error) return Promise.reject(body);
        const { status = 200, ...rest } = typeof body === "object" && body !== null && "status" in body ? (body as { status: number }) : {};
        const text = status === 200 ? JSON.stringify(body) : JSON.stringify(rest);
        return Promise.resolve({ status, headers: new Map(), body: new TextEncoder().encode(text), url: address.href });
      },
    },
  };
}

const LIST: PagedList<{ name: string }> = {
  what: "the list",
  top: 4,
  address: (skip) => `/list?$top=4&$skip=${skip}`,
  row: z.object({ name: z.string().min(1) }),
  keyOf: ({ name }) => name,
};

const rows = (from: readonly string[]): readonly { name: string }[] => from.map((name) => ({ name }));

async function listed({ http }: Script): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of pages(http, LIST, { signal })) found.push(...page.rows.map(({ name }) => name));
  return found;
}

/** A tenant as it should be, that says how many rows there are or does not. */
const honest = (count: number, says: boolean) => (skip: number) => ({
  value: rows(names(count).slice(skip, skip + 4)),
  ...(says ? { "@odata.count": count } : {}),
});

test.each([0, 1, 3, 4, 5, 7, 8, 23])("%i rows are listed, each once, in pages that overlap by one", async (count) => {
  expect(await listed(tenant(honest(count, true)))).toEqual(names(count));
  expect(await listed(tenant(honest(count, false)))).toEqual(names(count));
  expect(await listed(tenant((skip) => rows(names(count).slice(skip, skip + 4))))).toEqual(names(count));
});

test("a tenant that says how many there are is asked no more than it takes; any other is asked again at the end", async () => {
  const says = tenant(honest(3, true));
  await listed(says);
  expect(says.asked).toEqual(["/list?$top=4&$skip=0"]);
  const silent = tenant(honest(3, false));
  await listed(silent);
  expect(silent.asked).toEqual(["/list?$top=4&$skip=0", "/list?$top=4&$skip=2"]);
});

test("a tenant that answers with all rows to whichever page is believed where that may be, and there alone", async () => {
  const { http } = tenant(() => rows(names(3)));
  const whole = await Array.fromAsync(pages(http, { ...LIST, mayComeWhole: true }, { signal }));
  expect(whole.flatMap((page) => page.rows)).toEqual(rows(names(3)));
  await expect(listed({ http, asked: [] })).rejects.toThrow(/another page than it is asked for/);
});

test("a page that the tenant cut short is not the end", async () => {
  const script = tenant((skip, turn) => ({ value: rows(names(9).slice(skip, skip + (turn === 1 ? 2 : 4))) }));
  expect(await listed(script)).toEqual(names(9));
});

test.each(["https://tenant.example/list?$skiptoken=4", "/list?$skiptoken=4&$top=4", "list?%24skiptoken=4"])(
  "the next page is where the tenant says: %s",
  async (link) => {
    const script = tenant((_skip, turn) =>
      turn === 1 ? { value: rows(names(4)), "@odata.nextLink": link } : { value: rows(["LAST"]), "@odata.count": 5 },
    );
    expect(await listed(script)).toEqual([...names(4), "LAST"]);
    expect(script.asked[1]).toBe(new URL(link, "https://tenant.example/list").href);
  },
);

test.each([
  "https://elsewhere.example/list?$skiptoken=4",
  "//elsewhere.example/list",
  "https:\\\\elsewhere.example/list",
  "http://tenant.example/list",
  "https://tenant.example:8443/list",
  "https://tenant.example@elsewhere.example/list",
  "https://user@tenant.example/list",
  "https://tenant.example/other?$skiptoken=4",
  "/list/../secrets",
  "/list?$filter=name ne 'A'&$skiptoken=4",
  "javascript:alert(1)",
  "https://",
])("a link to %s is not followed: nothing is sent, and the list is not whole", async (link) => {
  const script = tenant(() => ({ value: rows(names(4)), "@odata.nextLink": link }));
  await expect(listed(script)).rejects.toMatchObject({
    kind: "foreign",
    message: expect.stringMatching(/^the list goes on at .*not asked$/),
  });
  expect(script.asked.length).toBe(1);
});

test.each<readonly [string, (skip: number, turn: number, url: URL) => unknown, RegExp]>([
  ["a row twice on one page", () => ({ value: rows(["A", "B", "A"]) }), /has A twice/],
  ["a row again on a later page", (skip) => ({ value: rows(skip === 0 ? ["A", "B", "C", "D"] : ["D", "A"]) }), /has A twice/],
  ["a row without its name", () => ({ value: [{ name: "A" }, {}] }), /another form than expected, at value\.1\.name/],
  ["an object in the place of a list", () => ({ message: "busy" }), /another form than expected, at value/],
  ["a number of rows that is none", () => ({ value: rows(["A"]), "@odata.count": "1" }), /at @odata\.count/],
  ["fewer rows than it says", () => ({ value: rows(["A"]), "@odata.count": 2 }), /says that it has 2 rows, and has 1/],
  ["more rows than it says", () => ({ value: rows(["A", "B"]), "@odata.count": 1 }), /says that it has 1 rows, and has more/],
  [
    "a number of rows that changes",
    (skip) => ({ value: rows(names(9).slice(skip, skip + 4)), "@odata.count": skip === 0 ? 9 : 8 }),
    /another number of rows on a later page: 8 after 9/,
  ],
  [
    "another list on a later page",
    (skip) => ({ value: rows(names(9).slice(skip, skip + 4)), "@odata.context": skip === 0 ? "#assets" : "#spaces" }),
    /another context/,
  ],
  [
    "the first page again",
    () => ({ value: rows(names(4)) }),
    /moved while it was read, or the tenant answers with another page .*: row 4 was ROW_3 and is ROW_0/,
  ],
  [
    "pages that shift because a row before them went",
    (skip) => ({ value: rows(names(9).slice(skip === 0 ? 0 : skip + 1, skip + 4)) }),
    /row 4 was ROW_3 and is ROW_4/,
  ],
  ["a page that is empty where there were rows", (skip) => ({ value: rows(skip === 0 ? names(4) : []) }), /ends before row 4/],
  ["a link to the page itself", (_skip, _turn, url) => ({ value: rows(["A"]), "@odata.nextLink": url.href }), /which was read already/],
  [
    "a new empty page each time",
    (_skip, turn) => ({ value: [], "@odata.nextLink": `/list?$skiptoken=${turn}` }),
    /one empty page after the other/,
  ],
])("%s: the list is not whole, and it is said why", async (_what, answer, why) => {
  await expect(listed(tenant(answer))).rejects.toMatchObject({ kind: "unreadable", message: expect.stringMatching(why) });
});

test.each(["unavailable", "throttled", "cut", "html", "too_large", "redirected"] as const)(
  "a page that fails with %s fails the list, whatever came before",
  async (kind) => {
    const script = tenant((skip) => (skip === 0 ? { value: rows(names(4)) } : new TenantError(kind, "it broke")));
    await expect(listed(script)).rejects.toMatchObject({ kind });
  },
);

test("a refusal says its status, and on which page it came", async () => {
  const script = tenant((skip) => (skip === 0 ? { value: rows(names(4)) } : { status: 403, error: { message: "no member" } }));
  await expect(listed(script)).rejects.toMatchObject({
    kind: "forbidden",
    status: 403,
    page: 2,
    message: "it answers status 403 (no member)",
  });
});

test("a list without an end is given up after so many pages", async () => {
  const script = tenant((skip) => ({ value: rows(Array.from({ length: 2 }, (_, n) => `ROW_${skip + n}`)) }));
  await expect(listed(script)).rejects.toMatchObject({ kind: "too_large", message: `the list has more than ${PAGE_LIMITS.pages} pages` });
  expect(script.asked.length).toBe(PAGE_LIMITS.pages);
}, 30_000);

test("whoever interrupts gets no further page", async () => {
  const script = tenant(honest(20, true));
  const controller = new AbortController();
  const walk = async (): Promise<void> => {
    for await (const _page of pages(script.http, LIST, { signal: controller.signal })) controller.abort(new Error("enough"));
  };
  await expect(walk()).rejects.toThrow("enough");
  expect(script.asked.length).toBe(1);
});
