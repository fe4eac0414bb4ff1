import { expect, test } from "vitest";
import { loadConfig } from "./load.ts";
import { shownConfig } from "./show.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../test/helpers/temporary-folder.ts";

const AUTH = "{ client_id: id, client_secret: canary-4711 }";

async function load(source: string, env: { readonly [name: string]: string } = {}) {
  const cwd = await temporaryFolder();
  await writeFile(
    join(cwd, "tidemark.yaml"),
    `pipelines:\n  - name: a\n    source: { type: datasphere, ${source} }\n    target: { type: changefeed, path: feed }\n`,
  );
  return await loadConfig({ cwd, env });
}

async function refusalOf(source: string): Promise<string> {
  return await load(source).then(
    () => "accepted",
    (error: Error) => error.message.replace(/^.*pipelines\[0\]\./, ""),
  );
}

test.each([
  ["a tenant of SAP's", `url: "https://acme.eu10.hcs.cloud.sap", auth: ${AUTH}`],
  [
    "a domain of one's own with its token address",
    `url: "https://dsp.acme.com", auth: { client_id: id, client_secret: x, token_url: "https://login.acme.com/t" }`,
  ],
  ["a sandbox", `url: "http://127.0.0.1:4577", auth: ${AUTH}`],
  ["a secrets file", `url: "https://acme.eu10.hcs.cloud.sap", auth: { secrets_file: ./s.json }`],
])("%s is accepted", async (_case, source) => {
  expect(await refusalOf(source)).toBe("accepted");
});

test.each([
  [`url: "http://acme.eu10.hcs.cloud.sap", auth: ${AUTH}`, /^source\.url: must be a URL such as "https:/],
  [`url: "https://user:pw@acme.eu10.hcs.cloud.sap", auth: ${AUTH}`, /^source\.url: must be a URL/],
  [`url: "file:///etc/passwd", auth: ${AUTH}`, /^source\.url: must be a URL/],
  [`url: "https://dsp.acme.com", auth: ${AUTH}`, /^source\.auth: needs a token_url/],
  [
    `url: "https://acme.eu10.hcs.cloud.sap", auth: { client_id: id }`,
    /^source\.auth: needs either client_id and client_secret or a secrets_file/,
  ],
  [`url: "https://acme.eu10.hcs.cloud.sap", auth: { client_id: id, client_secret: x, secrets_file: f }`, /^source\.auth: needs either/],
  [
    `url: "https://acme.eu10.hcs.cloud.sap", auth: { client_id: id, client_secret: x, token_url: "http://login.acme.com" }`,
    /^source\.auth\.token_url: must be a URL/,
  ],
  [`url: "https://acme.eu10.hcs.cloud.sap", auth: ${AUTH}, spaces: [A.B]`, /^source\.spaces\[0\]: a space's name is made of letters/],
  [`url: "https://acme.eu10.hcs.cloud.sap", auth: ${AUTH}, requests_per_minute: 0`, /^source\.requests_per_minute/],
])("%s is refused, with the key", async (source, why) => {
  expect(await refusalOf(source)).toMatch(why);
});

test("a secret is shown to nobody, whether it is written or comes from the environment", async () => {
  for (const secret of ["canary-4711", '"${CANARY}"']) {
    const config = await load(`url: "https://acme.eu10.hcs.cloud.sap", auth: { client_id: id, client_secret: ${secret} }`, {
      CANARY: "canary-4711",
    });
    expect(JSON.stringify(shownConfig(config, undefined))).not.toContain("canary-4711");
  }
});

test("a number may come from the environment", async () => {
  const config = await load(`url: "https://acme.eu10.hcs.cloud.sap", auth: ${AUTH}, requests_per_minute: "\${RPM}"`, { RPM: "120" });
  expect(config.pipelines[0]?.source).toMatchObject({ requests_per_minute: 120 });
});
