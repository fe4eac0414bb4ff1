import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { GlueClient } from "@aws-sdk/client-glue";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { accountOf, ROLE_ARN } from "./credentials.ts";
import { createClient } from "./client.ts";
import { failureOf } from "./errors.ts";

afterEach(() => vi.unstubAllEnvs());

const ARN = "arn:aws:iam::210987654321:role/teams/catalog";

/** A simulated token service that answers every call alike, and what it was asked. */
async function aTokenService(status: number, body: string): Promise<readonly URLSearchParams[]> {
  const asked: URLSearchParams[] = [];
  const server = http.createServer((request, response) => {
    let question = "";
    request.setEncoding("utf8").on("data", (part: string) => (question += part));
    request.on("end", () => {
      asked.push(new URLSearchParams(question));
      response.writeHead(status, { "content-type": "text/xml" }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  return asked;
}

async function credentialsOf(role: { readonly arn: string; readonly external_id?: string }): Promise<string> {
  const agents = { http: new http.Agent(), https: new https.Agent() };
  const { config } = (await createClient({ region: "eu-central-1", role, agents, requestTimeoutMs: 1_000 })) as unknown as GlueClient;
  return (await config.credentials()).accessKeyId;
}

test("a role is assumed by its ARN and external id, with the credentials at hand", async () => {
  const asked = await aTokenService(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
  expect(await credentialsOf({ arn: ARN, external_id: "from-outside" })).toBe("ASIAROLE");
  expect(asked.map((call) => [call.get("Action"), call.get("RoleArn"), call.get("ExternalId"), call.get("RoleSessionName")])).toEqual([
    ["AssumeRole", ARN, "from-outside", "tidemark"],
  ]);
});

test("a role that may not be assumed counts as missing credentials, and is named", async () => {
  await aTokenService(
    403,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>`,
  );
  const failure = failureOf(await credentialsOf({ arn: ARN }).catch((error: unknown) => error));
  expect(failure).toMatchObject({ kind: "credentials", message: expect.stringContaining(ARN) as string });
  expect(failure.message).toContain("sts:AssumeRole");
});

test.each([
  [ARN, "210987654321"],
  ["arn:aws-cn:iam::210987654321:role/catalog", "210987654321"],
  ["arn:aws:iam::210987654321:user/somebody", undefined],
])("%s is a role of account %s", (arn, account) => {
  expect(accountOf({ arn })).toBe(account);
  expect(ROLE_ARN.test(arn)).toBe(account !== undefined);
});
