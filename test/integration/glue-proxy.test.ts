import tls from "node:tls";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { proxyEnvironment } from "../../src/config/glue-connection.ts";
import type { Target } from "../../src/ports/target.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { meteredAgents, type ProxyEnvironment } from "../../src/wrappers/metered-agent.ts";
import { aForwardProxy } from "../helpers/forward-proxy.ts";
import { glueTargetAt } from "../helpers/glue-harness.ts";
import { aCertificate, aTlsFront, type Certificate } from "../helpers/tls-front.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";

// Out here, where no test's limit counts: the first to ask makes the virtual environment, which may take minutes.
const [named, other] = [await aCertificate("glue.eu-central-1.amazonaws.com"), await aCertificate("glue.test")];
const call = { signal: new AbortController().signal };

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});
afterEach(() => vi.unstubAllEnvs());

function aTarget(endpoint: string, proxy: ProxyEnvironment, meter = createMeter()): Target {
  const agents = meteredAgents(meter, { proxy });
  const target = glueTargetAt(endpoint, { agents, requestTimeoutMs: 2_000 });
  onTestFinished(async () => {
    await target.close();
    agents.destroy();
  });
  return target;
}

test("every request goes through the configured proxy, with its login, and is metered", async () => {
  const { sandbox } = await aGlueSandbox();
  const { url, asked } = await aForwardProxy(sandbox.url);
  const proxy = proxyEnvironment({ proxy: url.replace("//", "//ann:pass@"), endpoint: "http://glue.test" }, { HTTP_PROXY: "http://other" });
  const meter = createMeter();

  expect((await aTarget("http://glue.test", proxy, meter).observe(["sales.orders"], call)).get("sales.orders")?.state).toBe("absent");

  expect(asked).toEqual([{ method: "POST", to: "http://glue.test/", login: `Basic ${btoa("ann:pass")}` }]);
  expect(meter.reading()).toMatchObject({ requests: 1 });
  expect(meter.reading().bytes.sent).toBeGreaterThan(sandbox.counts().bytes_in);
});

test("AWS's own endpoint is asked through a tunnel, in which TLS is spoken; that it ends in nothing is no answer", async () => {
  const { url, asked } = await aForwardProxy("http://127.0.0.1:1");
  const endpoint = "https://glue.eu-central-1.amazonaws.com";

  await expect(
    aTarget(endpoint, proxyEnvironment({ endpoint }, { https_proxy: url })).observe(["sales.orders"], call),
  ).rejects.toMatchObject({
    code: "target_unavailable",
  });

  expect(asked[0]).toMatchObject({ method: "CONNECT", to: "glue.eu-central-1.amazonaws.com:443" });
  // A TLS handshake begins with 22 and names the host.
  expect(asked[0]?.tunnelled?.[0]).toBe(22);
  expect(asked[0]?.tunnelled?.includes("glue.eu-central-1.amazonaws.com")).toBe(true);
});

test("AWS's own endpoint answers through a tunnel to whom its certificate names, and to nobody else", async (context) => {
  if (named === null || other === null) return context.skip("no certificate can be made here");
  const trusted = tls.getCACertificates("default");
  onTestFinished(() => tls.setDefaultCACertificates(trusted));
  tls.setDefaultCACertificates([named.cert, other.cert]);
  const { sandbox } = await aGlueSandbox();
  const endpoint = "https://glue.eu-central-1.amazonaws.com";
  const askedThrough = async (certificate: Certificate): Promise<string | undefined> => {
    const { url } = await aForwardProxy(sandbox.url, await aTlsFront(sandbox.url, certificate));
    const target = aTarget(endpoint, proxyEnvironment({ endpoint }, { https_proxy: url }));
    return (await target.observe(["sales.orders"], call)).get("sales.orders")?.state;
  };

  expect(await askedThrough(named)).toBe("absent");
  expect(sandbox.counts().calls).toBe(1);
  await expect(askedThrough(other)).rejects.toMatchObject({ code: "target_unavailable" });
  expect(sandbox.counts().calls).toBe(1);
});

test("a proxy of the environment without a scheme speaks HTTP, and one that speaks something else is refused", () => {
  expect(proxyEnvironment({}, { HTTPS_PROXY: "proxy:3128", http_proxy: "", NO_PROXY: "a" })).toEqual({
    HTTP_PROXY: undefined,
    HTTPS_PROXY: "http://proxy:3128",
    NO_PROXY: "a",
  });
  expect(() => proxyEnvironment({}, { HTTPS_PROXY: "socks5://proxy:1080" })).toThrow("HTTPS_PROXY");
});

test("what NO_PROXY exempts, and an endpoint on this machine, is asked directly", async () => {
  const { sandbox } = await aGlueSandbox();
  const { url, asked } = await aForwardProxy(sandbox.url);
  const ways = [
    proxyEnvironment({ endpoint: sandbox.url }, { HTTP_PROXY: url }),
    proxyEnvironment({ endpoint: sandbox.url, proxy: url }, { NO_PROXY: "127.0.0.1" }),
  ];
  for (const way of ways) await aTarget(sandbox.url, way).observe(["sales.orders"], call);
  expect([asked, sandbox.counts().calls]).toEqual([[], 2]);
});
