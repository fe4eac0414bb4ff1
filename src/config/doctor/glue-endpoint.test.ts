import { expect, test } from "vitest";
import { failureOf } from "../../connectors/glue/errors.ts";
import { clockCheck, endpointChecks } from "./glue-endpoint.ts";

const answered = { ok: true, value: {} } as const;
const at = (origin: string): Parameters<typeof endpointChecks>[1] => ({ origin, skewMs: null });

test.each(["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID"])(
  "a certificate that is not trusted (%s) is told as that, with the way out",
  (code) => {
    const checks = endpointChecks("glue.example", at("https://glue.example"), failureOf(Object.assign(new Error("no"), { code })));
    expect(checks).toMatchObject([
      {
        name: "tls",
        status: "failed",
        exit: 9,
        message: expect.stringContaining(code) as unknown,
        remedy: expect.stringContaining("NODE_EXTRA_CA_CERTS") as unknown,
      },
      { name: "endpoint", status: "skipped" },
    ]);
  },
);

test("plain HTTP is a warning, but on this machine", () => {
  const tls = (origin: string): string | undefined => endpointChecks("there", at(origin), answered)[1]?.status;
  expect([tls("http://glue.example"), tls("http://127.0.0.1"), tls("http://localhost"), tls("https://glue.example")]).toEqual([
    "warning",
    "skipped",
    "skipped",
    "ok",
  ]);
});

test("a refusal is an answer too", () => {
  const denied = failureOf(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
  expect(endpointChecks("there", at("https://glue.example"), denied)[0]).toMatchObject({ name: "endpoint", status: "ok" });
});

test("an endpoint that was not reached has no encryption that could have been checked", () => {
  const unreached = failureOf(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
  expect(endpointChecks("there", at("https://glue.example"), unreached)).toMatchObject([
    { name: "endpoint", status: "failed", exit: 9 },
    { name: "tls", status: "skipped" },
  ]);
});

test.each([
  [0, "ok"],
  [-59_000, "ok"],
  [61_000, "warning"],
  [-299_000, "warning"],
  [300_000, "failed"],
  [-86_400_000, "failed"],
  [null, "skipped"],
] as const)("a clock that is %s ms off is %s", (skew, status) => {
  expect(clockCheck(skew).status).toBe(status);
});

test("the message says which way the clock is off", () => {
  expect(clockCheck(90_000).message).toBe("This machine's clock is 90 s behind the endpoint's.");
  expect(clockCheck(-400_000).message).toBe("This machine's clock is 400 s ahead of the endpoint's.");
});
