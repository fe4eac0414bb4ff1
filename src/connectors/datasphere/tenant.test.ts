import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";
import { tenantOptions } from "../../../test/helpers/tenant-source.ts";
import type { Fault } from "../../sandbox/datasphere/start-datasphere-sandbox.ts";
import { openTenant, type Tenant, type TenantParts } from "./tenant.ts";
import type { TenantError } from "./tenant-http.ts";

const call = { signal: new AbortController().signal };
const SPACES = { url: "/dwaas-core/api/v1/spaces", accept: "application/json" };

async function aTenant(more: Partial<TenantParts> = {}) {
  const { sandbox } = await aDatasphereSandbox();
  const options = tenantOptions(sandbox, more);
  onTestFinished(options.close);
  return { sandbox, tenant: openTenant(options) };
}

function kindOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => "answered",
    (error: TenantError) => error.kind,
  );
}

describe("a token", () => {
  test.each(["post", "basic"] as const)("is asked for with the secret by %s, as it is, once for all who read at a time", async (method) => {
    const { sandbox } = await aDatasphereSandbox();
    const options = tenantOptions(sandbox);
    onTestFinished(options.close);
    const tenant = openTenant({ ...options, auth: { ...options.auth, method } });
    const replies = await Promise.all(Array.from({ length: 6 }, () => tenant.get(SPACES, call)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(sandbox.counts().operations["token"]?.calls).toBe(1);
  });

  test("is renewed ahead of its end", async () => {
    const { sandbox, tenant } = await aTenant();
    sandbox.settings({ token_lifetime_s: 0.2 });
    await tenant.get(SPACES, call);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await tenant.get(SPACES, call);
    expect(sandbox.counts().operations["token"]?.calls).toBe(2);
    expect(sandbox.counts().errors).toBe(0);
  });

  test("that is refused is renewed once, and no more", async () => {
    const { sandbox, tenant } = await aTenant();
    await tenant.get(SPACES, call);
    sandbox.fault({ fault: "unauthorized", operation: "list_spaces" });
    expect((await tenant.get(SPACES, call)).status).toBe(200);
    sandbox.fault({ fault: "unauthorized", operation: "list_spaces", times: "always" });
    expect(await kindOf(tenant.get(SPACES, call))).toBe("unauthorized");
    expect(sandbox.counts().operations["token"]?.calls).toBe(3);
  });

  test("that is not given is a failed login, told in the endpoint's words and without the secret", async () => {
    const { sandbox } = await aDatasphereSandbox();
    const options = tenantOptions(sandbox);
    onTestFinished(options.close);
    const tenant = openTenant({ ...options, auth: { ...options.auth, client_secret: () => "canary-4711" } });
    const error = (await tenant.login(call).catch((thrown: unknown) => thrown)) as TenantError;
    expect([error.kind, error.message]).toEqual(["unauthorized", "the login was refused as unauthorized (Bad credentials)"]);
  });

  test("that is refused in words that repeat the secret is refused without it", async () => {
    const words = JSON.stringify({ error: "invalid_client", error_description: "no client has canary-4711, Bearer abc.def" });
    const tenant = await aServer(
      (_request, response) => void response.writeHead(400, { "content-type": "application/json" }).end(words),
      "canary-4711",
    );
    const error = (await tenant.login(call).catch((thrown: unknown) => thrown)) as TenantError;
    expect(error.message).toBe("the login was refused as invalid_client (no client has [secret], Bearer [secret])");
  });

  test("is never asked for at an address that a redirection names", async () => {
    const { sandbox, tenant } = await aTenant();
    sandbox.fault({ fault: "redirect", operation: "token" });
    expect(await kindOf(tenant.login(call))).toBe("redirected");
  });

  test("is asked for again where the endpoint does not answer", async () => {
    const { sandbox, tenant } = await aTenant();
    sandbox.fault({ fault: "reset", operation: "token" }, { fault: "unavailable", operation: "token", at: 2 });
    await tenant.login(call);
    expect(sandbox.counts().operations["token"]?.calls).toBe(3);
  });
});

describe("a read", () => {
  test.each<Fault["fault"]>([
    "reset",
    "hang",
    "truncated_body",
    "truncated_chunk",
    "unauthorized",
    "throttle",
    "unavailable",
    "internal_error",
    "bad_gateway",
    "gateway_timeout",
    "html",
  ])("that fails once as %s is made again", async (fault) => {
    const { sandbox, tenant } = await aTenant({
      clock: { now: Date.now, monotonic: () => performance.now(), sleep: async () => undefined },
    });
    sandbox.fault({ fault, operation: "list_spaces", retry_after: "0" });
    expect((await tenant.get(SPACES, call)).status).toBe(200);
  });

  test.each<[Fault["fault"], string, number]>([
    ["reset", "unavailable", 3],
    ["hang", "unavailable", 3],
    ["truncated_body", "cut", 3],
    ["truncated_chunk", "cut", 3],
    ["internal_error", "unavailable", 3],
    ["unauthorized", "unauthorized", 2],
    ["html", "html", 2],
    ["redirect", "redirected", 1],
  ])("that always fails as %s is %s after a bounded number of attempts", async (fault, kind, attempts) => {
    const { sandbox, tenant } = await aTenant();
    sandbox.fault({ fault, operation: "list_spaces", times: "always" });
    expect(await kindOf(tenant.get(SPACES, call))).toBe(kind);
    expect(sandbox.counts().operations["list_spaces"]?.calls).toBe(attempts);
  });

  test.each([
    "https://evil.example/dwaas-core/api/v1/spaces",
    "//evil.example/x",
    "https:\\\\evil.example\\x",
    "http://127.0.0.1:1/x",
    "http://user@127.0.0.1/x",
    "file:///etc/passwd",
  ])("of %s is not made, and no token is sent", async (url) => {
    const { sandbox, tenant } = await aTenant();
    expect(await kindOf(tenant.get({ ...SPACES, url }, call))).toBe("foreign");
    expect(sandbox.counts().calls).toBe(0);
  });

  test.each([400, 403, 404, 405, 406, 413])("that is refused with %d is answered so", async (status) => {
    const { sandbox, tenant } = await aTenant();
    sandbox.fault({ fault: "status", status, operation: "list_spaces" });
    expect((await tenant.get(SPACES, call)).status).toBe(status);
  });

  test.each(["86400", "Fri, 31 Dec 2100 00:00:00 GMT"])("that is to wait until %s is given up", async (retry_after) => {
    const { sandbox, tenant } = await aTenant();
    sandbox.fault({ fault: "throttle", operation: "list_spaces", retry_after });
    expect(await kindOf(tenant.get(SPACES, call))).toBe("throttled");
    expect(sandbox.counts().operations["list_spaces"]?.calls).toBe(1);
  });

  test("that is aborted ends with the reason", async () => {
    const { tenant } = await aTenant();
    await expect(tenant.get(SPACES, { signal: AbortSignal.abort(new Error("stopped")) })).rejects.toThrow("stopped");
  });
});

describe("an answer", () => {
  const body = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ technicalName: `NAME_${n}` })));
  const packed = gzipSync(body);

  test.each<[string, (response: ServerResponse) => void, string]>([
    ["compressed, whole", (r) => r.writeHead(200, { "content-encoding": "gzip" }).end(packed), "answered"],
    [
      "compressed, cut in an exchange that ends well",
      (r) => r.writeHead(200, { "content-encoding": "gzip" }).end(packed.subarray(0, 200)),
      "cut",
    ],
    ["compressed, without its check sum", (r) => r.writeHead(200, { "content-encoding": "gzip" }).end(packed.subarray(0, -8)), "cut"],
    [
      "compressed, damaged",
      (r) =>
        r
          .writeHead(200, { "content-encoding": "gzip" })
          .end(Buffer.concat([packed.subarray(0, 100), Buffer.alloc(50), packed.subarray(150)])),
      "cut",
    ],
    ["compressed as nobody asked", (r) => r.writeHead(200, { "content-encoding": "br" }).end(packed), "unreadable"],
    ["larger than allowed", (r) => r.writeHead(200).end(Buffer.alloc(2_000)), "too_large"],
    ["a bomb", (r) => r.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5_000_000))), "too_large"],
    ["shorter than it says", (r) => (r.writeHead(200, { "content-length": "100" }).write("[]"), setTimeout(() => r.destroy(), 20)), "cut"],
    ["a page for people with an error's status", (r) => r.writeHead(404, { "content-type": "text/html" }).end("<p>"), "html"],
    [
      "a page for people that says it is JSON",
      (r) => r.writeHead(200, { "content-type": "application/json" }).end("\n<!DOCTYPE html>"),
      "html",
    ],
    ["not modified, which was not asked", (r) => r.writeHead(304).end(), "redirected"],
  ])("that is %s is %s", async (title, answer, kind) => {
    const tenant = await aServer((request, response) => {
      if (request.url === "/oauth/token") response.writeHead(200, { "content-type": "application/json" }).end(TOKEN);
      else answer(response);
    });
    expect(await kindOf(tenant.get({ ...SPACES, max_bytes: title.startsWith("compressed") ? 1_000_000 : 1_000 }, call))).toBe(kind);
  });
});

const TOKEN = JSON.stringify({ access_token: "token", token_type: "bearer", expires_in: 3600 });

/** A tenant that answers as it is told. */
async function aServer(answer: (request: IncomingMessage, response: ServerResponse) => void, clientSecret = "secret"): Promise<Tenant> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = tenantOptions({ url, clientId: "id", clientSecret, tokenUrl: `${url}/oauth/token` });
  onTestFinished(options.close);
  return openTenant(options);
}
