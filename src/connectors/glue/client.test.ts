import { writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GlueClient } from "@aws-sdk/client-glue";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { createClient, isAws, isLoopback } from "./client.ts";

const agents = { http: new http.Agent(), https: new https.Agent() };
const options = { agents, requestTimeoutMs: 1_000 };
const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_WEB_IDENTITY_TOKEN_FILE"];

beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
});
afterEach(() => vi.unstubAllEnvs());

async function configOf(
  endpoint: string,
  region?: string,
): Promise<{ readonly key: string; readonly region: string; readonly attempts: number }> {
  const { config } = (await createClient({ ...options, endpoint, ...(region !== undefined && { region }) })) as unknown as GlueClient;
  const [credentials, found, attempts] = await Promise.all([config.credentials(), config.region(), config.maxAttempts()]);
  return { key: credentials.accessKeyId, region: found, attempts };
}

test("an endpoint on this machine works without an AWS account, and no client retries", async () => {
  expect(await configOf("http://127.0.0.1:4566")).toEqual({ key: "local", region: "us-east-1", attempts: 1 });
});

test("credentials and region that there are, are taken", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_REGION", "eu-west-1");
  expect(await configOf("http://127.0.0.1:4566")).toMatchObject({ key: "AKIDEXAMPLE", region: "eu-west-1" });
  expect(await configOf("http://127.0.0.1:4566", "eu-central-1")).toMatchObject({ region: "eu-central-1" });
  expect(await configOf("https://glue.eu-west-1.amazonaws.com")).toMatchObject({ key: "AKIDEXAMPLE" });
});

test("a profile gives credentials and region, whatever stands in the environment", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "credentials"), "[catalog]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n");
  await writeFile(join(folder, "config"), "[profile catalog]\nregion = eu-north-1\n");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  const { config } = (await createClient({ ...options, profile: "catalog" })) as unknown as GlueClient;
  expect([(await config.credentials()).accessKeyId, await config.region()]).toEqual(["AKIDPROFILE", "eu-north-1"]);
});

test.each([
  ["http://127.0.0.1:4566", true],
  ["http://localhost", true],
  ["http://[::1]:80", true],
  ["http://127.0.0.1.example.com", false],
  ["https://glue.eu-central-1.amazonaws.com", false],
  ["not a URL", false],
  [undefined, false],
])("%s is on this machine: %s", (endpoint, expected) => {
  expect(isLoopback(endpoint)).toBe(expected);
});

test.each([
  [undefined, true],
  ["https://glue.eu-central-1.amazonaws.com", true],
  ["https://vpce-1.glue.eu-central-1.vpce.amazonaws.com", true],
  ["https://glue.cn-north-1.amazonaws.com.cn", true],
  ["https://glue.eu-central-1.api.aws", true],
  ["https://amazonaws.com.example.org", false],
  ["http://127.0.0.1:4566", false],
])("%s is AWS: %s", (endpoint, expected) => {
  expect(isAws(endpoint)).toBe(expected);
});
