import { expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";
import { RequestWindow } from "./request-window.ts";

test("a minute lets its number of requests through, and says how long the rest have to wait", () => {
  const window = new RequestWindow(2);

  expect([1000, 1500, 2000, 60_999].map((now) => window.admit(now))).toEqual([null, null, 59, 1]);
  expect([61_000, 61_000, 61_000].map((now) => window.admit(now))).toEqual([null, null, 60]);
});

test("without a limit every request is let through", () => {
  const window = new RequestWindow(null);

  expect(Array.from({ length: 1000 }, () => window.admit(0)).every((wait) => wait === null)).toBe(true);
});

test("300 requests a minute are allowed by default, by the clock that was given; tokens do not count", async () => {
  let now = 0;
  const { get, sandbox } = await aDatasphereSandbox({ requestsPerMinute: 300, clock: { now: () => now } });
  expect(sandbox.settings().requests_per_minute).toBe(300);
  sandbox.settings({ requests_per_minute: 20 });
  const statuses = await Promise.all(Array.from({ length: 25 }, async () => (await get("/dwaas-core/api/v1/spaces")).status));
  const refused = await get("/dwaas-core/api/v1/spaces");

  expect(statuses.filter((status) => status === 200).length).toBe(20);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
  expect(sandbox.counts()).toMatchObject({ calls: 26, throttled: 6, errors: 6 });
  now = 60_000;
  expect((await get("/dwaas-core/api/v1/spaces")).status).toBe(200);
});
