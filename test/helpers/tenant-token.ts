import type { DatasphereSandbox } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";

/** A token of the sandbox tenant, asked for with the secret in the body. */
export async function tokenOf({ tokenUrl, clientId, clientSecret }: DatasphereSandbox): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
  const answer = await fetch(tokenUrl, { method: "POST", body });
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}
