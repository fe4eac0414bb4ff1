import type { Json } from "../model/json.ts";
import type { ListingCertificate } from "../model/listing.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import { hashOf } from "./hash-of.ts";
import { type Listing, withTimes } from "./list-source.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { SCAN_EVERY } from "./recover.ts";
import type { RunContext } from "./run-context.ts";

/** Where the state remembers that its catalog is at rest. */
export const AT_REST_KEY = "engine:at-rest";

/**
 * A catalog at rest: a run listed all of it and found every asset recorded as the source holds it, and nothing else in the state. As long as
 * the state is the generation that this run committed, and the source tells that a listing would be the same, so is what comes of it.
 *
 * The generation is what makes this safe: whatever writes to the state makes another, and need not know of this.
 */
interface AtRest {
  readonly generation: number;
  /** See {@link underOf}. */
  readonly under: string;
  readonly scopes: readonly { readonly token: string; readonly certificate: ListingCertificate }[];
}

/** The listing of a catalog that is still at rest; null where it is not known to be, so that it is to be listed and compared. */
export async function listingAtRest(parts: Parts, run: RunContext, reader: CheckpointReader, options: RunOptions): Promise<Listing | null> {
  const { source, clock, log } = parts;
  if (source.isAsListed === undefined || looksCloser(options)) return null;
  const known = ((await reader.memory(AT_REST_KEY)) ?? null) as unknown as AtRest | null;
  if (known === null || known.under !== underOf(parts, run) || !(await isUntouched(run, reader, known))) return null;
  const tokens = new Map(known.scopes.map(({ certificate, token }) => [certificate.scope, token]));
  if (!(await source.isAsListed(tokens, options))) return null;
  log.event({ kind: "debug", message: "source is as it was listed", fields: { scopes: known.scopes.length } });
  const certificates = new Map(known.scopes.map(({ certificate }) => [certificate.scope, certificate]));
  return {
    count: known.scopes.reduce((sum, { certificate }) => sum + certificate.count, 0),
    certificates: await withTimes(certificates, reader, clock.now()),
    tokens,
    colliding: new Map(),
    memory: new Map(),
    isAtRest: true,
  };
}

/**
 * What the state is to remember if a run commits that listed this and compared it with the state; null where the catalog is not at rest.
 * `differing` counts what the comparison met that is not as it was.
 */
export async function restAfter(
  { parts, run, reader }: { readonly parts: Parts; readonly run: RunContext; readonly reader: CheckpointReader },
  { certificates, tokens, colliding }: Listing,
  differing: number,
  options: RunOptions,
): Promise<Json | null> {
  const isWhole = tokens.size === certificates.size && [...certificates.values()].every(({ complete }) => complete);
  if (run.head === null || run.scopeChanged || looksCloser(options) || !isWhole || differing > 0 || colliding.size > 0) return null;
  if ((await reader.intents()).length > 0) return null;
  const rest: AtRest = {
    generation: run.head.generation + 1,
    under: underOf(parts, run),
    scopes: [...certificates.values()].map((certificate) => ({ token: tokens.get(certificate.scope) as string, certificate })),
  };
  return rest as unknown as Json;
}

/** The run does more than to compare tokens, or less than the whole. */
function looksCloser({ full, full_read, reconcile, select }: RunOptions): boolean {
  return full === true || full_read === true || reconcile === true || select !== undefined;
}

/** Everything by which a listed asset was found to be as it was recorded. */
function underOf({ target }: Parts, { basis, scope }: RunContext): string {
  return hashOf({ basis, scope, mapping: target.mapping });
}

/**
 * Nothing was recorded since, and what this run does first, settling open intents and adopting tables, records nothing either. Every so many
 * generations all is compared whatever is known, so that damage in a state which nobody reads does not stay unseen.
 */
async function isUntouched(run: RunContext, reader: CheckpointReader, { generation }: AtRest): Promise<boolean> {
  const { head } = run;
  if (head?.generation !== generation || !head.clean || head.recovered || head.generation % SCAN_EVERY === 0) return false;
  return (await reader.intents()).length === 0;
}
