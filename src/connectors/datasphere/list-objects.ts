import { z } from "zod";
import type { CallOptions } from "../../ports/call.ts";
import { type Capabilities, DISCOVERY_TAG, listPath } from "./capabilities.ts";
import type { ListedSegment } from "./object-types.ts";
import { type PagedList, PageRefused, pages } from "./pages.ts";
import type { TenantHttp, TenantReply } from "./tenant-http.ts";

/** One object as lists tell of it. What was not asked for, or the tenant does not say, is absent. */
export interface ObjectRow {
  readonly technicalName: string;
  readonly status?: string | null | undefined;
  readonly createdOn?: string | null | undefined;
  readonly changedOn?: string | null | undefined;
  readonly deployedOn?: string | null | undefined;
}

/** Only these words say so; whatever else a tenant may say of a status is read. */
export function isNeverDeployed({ status }: ObjectRow): boolean {
  return /^not deployed$/i.test(status ?? "");
}

/** Rows of a list, and what the answer says beside them. */
export interface ObjectPage {
  readonly rows: readonly ObjectRow[];
  /** When the tenant says that it made the page: milliseconds since 1970, null where it does not say. */
  readonly made: number | null;
  /** The tag of the discovery document that the tenant goes by now. */
  readonly discovery: string | null;
}

/** A list that was refused for the way in which it was asked for. */
export class ListRefused extends Error {}

const LONGEST_NAME = 1_024;
// The smallest page that a tenant is known to cut a list into.
const SMALLEST_CAP = 25;

const time = z.string().max(64).nullish();
const row: z.ZodType<ObjectRow> = z.object({
  technicalName: z
    .string()
    .min(1, { error: "an object without a name" })
    .max(LONGEST_NAME, { error: `a name of more than ${LONGEST_NAME.toLocaleString("en")} characters, which no object has` }),
  status: z.string().max(64).nullish(),
  createdOn: time,
  changedOn: time,
  deployedOn: time,
});

/**
 * The objects of one type in a space, page by page. `before` is how many there were when the list was last read whole.
 *
 * Throws `TenantError` where the list is not to be had whole, and {@link ListRefused} where the tenant wants to be asked for less.
 */
export async function* listObjects(
  http: TenantHttp,
  capabilities: Capabilities,
  { space, segment, before }: { readonly space: string; readonly segment: ListedSegment; readonly before: number | null },
  options: CallOptions,
): AsyncIterable<ObjectPage> {
  const { select, page: top, page_certain } = capabilities;
  const path = listPath(capabilities, space, segment);
  const list: PagedList<ObjectRow> = {
    what: `its list of ${segment}`,
    top,
    address: (skip) => `${path}?select=${select.join(",")}&top=${top}&skip=${skip}`,
    row,
    keyOf: ({ technicalName }) => technicalName,
    // Where the tenant may cut a page in silence, only a list shorter than any cut is believed without a second look.
    ...(before !== null && (page_certain || before < SMALLEST_CAP) ? { expected: before } : {}),
  };
  try {
    for await (const { rows, reply } of pages(http, list, options)) {
      yield { rows, made: dateOf(reply), discovery: reply.headers.get(DISCOVERY_TAG) ?? null };
    }
  } catch (error) {
    if (error instanceof PageRefused && error.status === 400) throw new ListRefused(error.message);
    throw error;
  }
}

function dateOf({ headers }: TenantReply): number | null {
  const made = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(made) ? null : made;
}
