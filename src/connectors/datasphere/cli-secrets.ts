import { readFile } from "node:fs/promises";
import { z } from "zod";
import { TidemarkError } from "../../model/errors.ts";
import type { ClientCredentials } from "./access-token.ts";

/** What a secrets file of SAP's command line says of a client. */
export type CliSecrets = Pick<ClientCredentials, "client_id" | "client_secret"> & { readonly token_url?: string };

const entry = z.looseObject({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  token_url: z.string().optional(),
  tenantUrl: z.string().optional(),
});

/**
 * Reads the file that `datasphere login --secrets-file` takes, or the one that the command line keeps after a login, which is a list with
 * an entry for each tenant. Throws `config_invalid`; what the file holds never stands in a message.
 */
export async function readCliSecrets(file: string, tenant: string): Promise<CliSecrets> {
  const invalid = (why: string): TidemarkError =>
    new TidemarkError("config_invalid", `The secrets file ${file} ${why}.`, {
      remedy: "Give `auth.client_id` and `auth.client_secret` instead, or the file that `datasphere login --secrets-file` takes.",
    });
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw invalid(`cannot be read (${error.code ?? "unknown"})`);
  });
  const entries = z.array(z.unknown()).safeParse(listIn(text));
  if (!entries.success) throw invalid("is no JSON");
  const usable = entries.data.flatMap((one) => entry.safeParse(one).data ?? []);
  const { origin } = new URL(tenant);
  const own = usable.find(({ tenantUrl }) => tenantUrl !== undefined && URL.canParse(tenantUrl) && new URL(tenantUrl).origin === origin);
  const nameless = usable.filter(({ tenantUrl }) => tenantUrl === undefined);
  const chosen = own ?? (nameless.length === 1 ? nameless[0] : undefined);
  if (chosen === undefined) throw invalid(`has no client_id and client_secret for ${origin}`);
  const { client_id, client_secret, token_url } = chosen;
  return { client_id, client_secret: () => client_secret, ...(token_url === undefined ? {} : { token_url }) };
}

function listIn(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? value : [value];
  } catch {
    return null;
  }
}
