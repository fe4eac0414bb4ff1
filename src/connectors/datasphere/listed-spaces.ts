import { z } from "zod";
import type { CallOptions } from "../../ports/call.ts";
import { CORE } from "./capabilities.ts";
import { bodyOf } from "./json-body.ts";
import { wordsOf } from "./server-words.ts";
import type { Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";

const spaces: z.ZodType<readonly string[]> = z.array(z.string().min(1).max(256)).max(100_000);

/** The spaces that the technical user is a member of: by the catalog, where the design-time interface is refused. Throws {@link TenantError}. */
export async function memberSpaces({ http, exposed }: Session, options: CallOptions): Promise<readonly string[]> {
  const reply = await http.get({ url: `${CORE}/spaces`, accept: "application/json" }, options);
  if (reply.status === 403) return await exposed.spaces(options);
  if (reply.status !== 200) throw new TenantError("unavailable", `it answers ${wordsOf(reply)}`);
  return [...new Set(bodyOf(reply, spaces))];
}
