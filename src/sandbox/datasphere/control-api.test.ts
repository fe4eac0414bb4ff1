import { expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";

const SPACES = "/dwaas-core/api/v1/spaces";

test("requests and bytes are counted by operation, and the control API's own are not", async () => {
  const { get, control, sandbox } = await aDatasphereSandbox({ spaces: ["A"] });
  await (await get(SPACES)).text();
  await (await get(`${SPACES}/A/views/none`)).text();
  const { body } = await control("GET", "counts");

  expect(body).toEqual(sandbox.counts());
  expect(body).toMatchObject({
    calls: 2,
    errors: 1,
    throttled: 0,
    faults: 0,
    bytes_in: 0,
    operations: { list_spaces: { calls: 1, bytes_out: '["A"]'.length }, read_object: { calls: 1, errors: 1 } },
  });
});

test("the log tells each request with its names and what came of it", async () => {
  const { get, control } = await aDatasphereSandbox({ spaces: ["A"] });
  await get(`${SPACES}/A/views?top=5`);
  await get(`${SPACES}/A/views/a%2Fb`);

  expect((await control("GET", "requests")).body).toEqual({
    requests: [
      { seq: 2, operation: "list_objects", method: "GET", url: `${SPACES}/A/views?top=5`, space: "A", status: 200 },
      {
        seq: 3,
        operation: "read_object",
        method: "GET",
        url: `${SPACES}/A/views/a%2Fb`,
        space: "A",
        name: "a/b",
        status: 404,
        error: "The object a/b could not be found.",
      },
    ],
  });
  expect((await control("GET", "requests?limit=1")).body).toMatchObject({ requests: [{ seq: 3 }] });
});

test("faults are set, listed with what they saw, and cleared", async () => {
  const { get, control } = await aDatasphereSandbox();
  await control("POST", "faults", [
    { fault: "throttle", operation: "list_spaces", times: 2 },
    { fault: "html", at: 9 },
  ]);
  expect((await get(SPACES)).status).toBe(429);

  expect((await control("GET", "faults")).body).toEqual({
    faults: [
      { fault: "throttle", operation: "list_spaces", times: 2, seen: 1, struck: 1 },
      { fault: "html", at: 9, seen: 1, struck: 0 },
    ],
  });
  await control("DELETE", "faults");
  expect((await get(SPACES)).status).toBe(200);
});

test("settings change one by one", async () => {
  const { control, sandbox } = await aDatasphereSandbox({ latencyMs: 1 });
  const changed = await control("POST", "settings", { requests_per_minute: 30, timestamps: true });

  expect(changed.body).toMatchObject({ requests_per_minute: 30, timestamps: true, latency_ms: 1, etags: false });
  expect((await control("GET", "settings")).body).toEqual(sandbox.settings());
});

test("edits are made in their order, and answered object by object", async () => {
  const { control, get } = await aDatasphereSandbox({ spaces: ["A"] });
  const answer = await control("POST", "edits", [
    { edit: "add", space: "A", name: "NEW", type: "views" },
    { edit: "change", space: "A", name: "NEW", edits: ["label changed"] },
    { edit: "delete", space: "A", name: "NEW" },
  ]);

  expect(answer.body).toEqual({
    edits: [
      { edit: "add", space: "A", name: "NEW" },
      { edit: "change", space: "A", name: "NEW", edits: ["label changed"], facets: ["content"] },
      { edit: "delete", space: "A", name: "NEW" },
    ],
  });
  expect((await get(`${SPACES}/A/views/NEW`)).status).toBe(404);
});

test("a reset takes everything back to the start, or only the counts", async () => {
  const { get, json, control, sandbox } = await aDatasphereSandbox({ spaces: ["A"] });
  const list = (): Promise<unknown> => json(`${SPACES}/A/views?top=200&select=technicalName,businessName,status`);
  const before = await list();
  await control("POST", "edits", { edit: "random", does: "delete", percent: 20 });
  await control("POST", "edits", { edit: "random", does: "change", percent: 100, kinds: ["content"] });
  await control("POST", "reset", { counts: true });

  expect(sandbox.counts().calls).toBe(0);
  expect(await list()).not.toEqual(before);
  await control("POST", "faults", { fault: "html", times: "always" });
  await control("POST", "settings", { latency_ms: 5 });
  await control("POST", "reset");

  expect(sandbox.settings().latency_ms).toBe(0);
  expect((await get(SPACES)).status).toBe(401);
});

test.each([
  ["POST", "faults", [{ fault: "earthquake" }]],
  ["POST", "faults", [{ fault: "html", at: 0 }]],
  ["POST", "faults", [{ fault: "html", operation: "no_such" }]],
  ["POST", "settings", { requests_per_minute: 0 }],
  ["POST", "settings", { speed: 1 }],
  ["POST", "reset", { count: true }],
  ["POST", "edits", { edit: "paint", space: "SALES" }],
  ["POST", "edits", { edit: "delete", space: "SALES", name: "NO_SUCH" }],
  ["POST", "edits", { edit: "change", space: "SALES", name: "X", edits: ["no such change"] }],
  ["POST", "edits", { edit: "random", does: "change" }],
  ["POST", "edits", { edit: "random", does: "change", percent: 1, count: 1 }],
  ["POST", "edits", { edit: "forbid", space: "NO_SUCH" }],
  ["GET", "requests?limit=many", undefined],
  ["POST", "faults", "{"],
])("%s %s with %j is refused with its reason", async (method, path, body) => {
  const { control } = await aDatasphereSandbox();
  const answer = await control(method, path, body);

  expect(answer.status).toBe(400);
  expect((answer.body as { error: string }).error.length).toBeGreaterThan(10);
});

test("an unknown path of the control API is not taken for one of the tenant", async () => {
  const { control, sandbox } = await aDatasphereSandbox();

  expect((await control("GET", "nothing")).status).toBe(404);
  expect(sandbox.counts().calls).toBe(0);
});
