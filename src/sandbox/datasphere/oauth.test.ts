import { expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";
import { tokenOf } from "../../../test/helpers/tenant-token.ts";
import type { DatasphereSandbox } from "./start-datasphere-sandbox.ts";

const SPACES = "/dwaas-core/api/v1/spaces";

test("a token is given for the secret in the body, and opens the tenant", async () => {
  const { sandbox } = await aDatasphereSandbox();
  const { clientId, clientSecret } = sandbox;
  const answer = await ask(sandbox, { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
  const token = (await answer.json()) as { readonly access_token: string };

  expect(answer.status).toBe(200);
  expect(token).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: "bearer",
    expires_in: 86_399,
    scope: expect.stringContaining("uaa.resource"),
    jti: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect((await fetch(sandbox.url + SPACES, { headers: { authorization: `Bearer ${token.access_token}` } })).status).toBe(200);
});

test("as HTTP Basic the id and the secret go as they are; percent-encoded ones are others", async () => {
  const { sandbox } = await aDatasphereSandbox({ clientId: "sb-1!b2|client!b3", clientSecret: "a$b:c=%2B" });
  const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const { clientId, clientSecret } = sandbox;

  expect((await ask(sandbox, { grant_type: "client_credentials" }, basic(clientId, clientSecret))).status).toBe(200);
  expect(
    (await ask(sandbox, { grant_type: "client_credentials" }, basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret))))
      .status,
  ).toBe(401);
});

test.each([
  [{ grant_type: "client_credentials", client_id: "x", client_secret: "y" }, 401, "unauthorized", "Bad credentials"],
  [{ client_id: "x" }, 400, "invalid_request", "Missing grant type"],
  [{ grant_type: "password" }, 400, "unsupported_grant_type", "Unsupported grant type: password"],
])("a request for a token with %j is refused in the words of the authorization service", async (form, status, error, description) => {
  const { sandbox } = await aDatasphereSandbox();
  const answer = await ask(sandbox, form);

  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error, error_description: description });
  expect(sandbox.requests().at(-1)).toMatchObject({ operation: "token", status, error });
});

test("a token expires, and a made-up one never was good", async () => {
  let now = 1_000_000;
  const { sandbox } = await aDatasphereSandbox({ clock: { now: () => now }, settings: { token_lifetime_s: 60 } });
  const token = await tokenOf(sandbox);
  const asking = (bearer: string): Promise<Response> => fetch(sandbox.url + SPACES, { headers: { authorization: `Bearer ${bearer}` } });

  now += 59_999;
  expect((await asking(token)).status).toBe(200);
  now += 1;
  const refused = await asking(token);
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toContain("invalid_token");
  expect((await asking("made.up.token")).status).toBe(401);
});

test("without any token the tenant shows the page for people, and calls that a success", async () => {
  const { sandbox } = await aDatasphereSandbox();
  const answer = await fetch(sandbox.url + SPACES);

  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
});

test("the tenant tells where tokens are, without asking for one", async () => {
  const { sandbox } = await aDatasphereSandbox();

  expect(await (await fetch(`${sandbox.url}/oauth`)).json()).toEqual({
    authorizationUrl: `${sandbox.url}/oauth/authorize`,
    tokenUrl: sandbox.tokenUrl,
  });
  expect((await fetch(sandbox.tokenUrl)).status).toBe(405);
});

test("neither the secret nor a token stands in the request log", async () => {
  const { sandbox, token } = await aDatasphereSandbox();
  await tokenOf(sandbox);
  await fetch(sandbox.url + SPACES, { headers: { authorization: `Bearer ${token}` } });
  const log = JSON.stringify(sandbox.requests());

  expect(sandbox.requests().length).toBe(2);
  expect(log).not.toContain(sandbox.clientSecret);
  expect(log).not.toContain(token.slice(0, 40));
});

function ask({ tokenUrl }: DatasphereSandbox, form: Readonly<Record<string, string>>, authorization?: string): Promise<Response> {
  return fetch(tokenUrl, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: authorization === undefined ? {} : { authorization },
  });
}
