import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { readCliSecrets } from "./cli-secrets.ts";

const TENANT = "https://acme.eu10.hcs.cloud.sap";
const ENTRY = {
  client_id: "sb-1!b2|c",
  client_secret: "canary-4711",
  token_url: "https://acme.authentication.eu10.hana.ondemand.com/oauth/token",
};

async function secretsIn(content: unknown): Promise<unknown> {
  const file = join(await temporaryFolder(), "secrets.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return await readCliSecrets(file, TENANT).then(
    ({ client_id, client_secret, token_url }) => [client_id, client_secret(), token_url],
    (error: Error) => error.message.replace(file, "FILE"),
  );
}

test.each<[string, unknown]>([
  ["what a login takes", ENTRY],
  [
    "what the command line keeps, of several tenants",
    [
      { ...ENTRY, client_id: "x", tenantUrl: "https://other.eu10.hcs.cloud.sap" },
      { ...ENTRY, tenantUrl: `${TENANT}/` },
    ],
  ],
  ["what it keeps with much else beside", [{ ...ENTRY, access_token: "t", expires_in: 1 }]],
])("%s gives id, secret and token address", async (_case, content) => {
  expect(await secretsIn(content)).toEqual([ENTRY.client_id, ENTRY.client_secret, ENTRY.token_url]);
});

test.each<[string, unknown, string]>([
  ["for another tenant", [{ ...ENTRY, tenantUrl: "https://other.eu10.hcs.cloud.sap" }], `has no client_id and client_secret for ${TENANT}`],
  ["of two tenants that are not named", [ENTRY, ENTRY], `has no client_id and client_secret for ${TENANT}`],
  ["without a secret", { client_id: "x" }, `has no client_id and client_secret for ${TENANT}`],
  ["that is no JSON", '{"client_secret": "canary-4711"', "is no JSON"],
])("a file %s is refused, and nothing of it is said", async (_case, content, why) => {
  expect(await secretsIn(content)).toBe(`The secrets file FILE ${why}.`);
});

test("a file that is not there is named", async () => {
  await expect(readCliSecrets("/nowhere/secrets.json", TENANT)).rejects.toThrow(
    "The secrets file /nowhere/secrets.json cannot be read (ENOENT).",
  );
});
