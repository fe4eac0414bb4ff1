import type { AssetId } from "../model/asset.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { ListingCertificate } from "../model/listing.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { ListOptions, SourceMemory } from "../ports/source.ts";
import type { Spool } from "../ports/spool.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { ProblemLog } from "./problem-log.ts";

/** A listing that stands in the spool. */
export interface Listing {
  /** Assets listed, each once. */
  readonly count: number;
  /** By scope, in the order they came. */
  readonly certificates: ReadonlyMap<string, ListingCertificate>;
  /** By scope, of those that have one: see {@link ListingEvent}. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Ids that would take a place in the target that another listed id takes too. */
  readonly colliding: ReadonlyMap<AssetId, { readonly ref: string; readonly others: readonly AssetId[] }>;
  /** What the source wants remembered if the run commits. */
  readonly memory: ReadonlyMap<string, Json>;
  /** Nothing stands in the spool, because all that it would hold is as it is recorded. */
  readonly isAtRest: boolean;
}

/** Lists the source into the spool. A duplicate id makes its scope's listing incomplete: a page has shifted. */
export async function listSource(
  parts: Parts,
  reader: CheckpointReader,
  spool: Spool,
  problems: ProblemLog,
  options: RunOptions & Pick<ListOptions, "tellsTokens">,
): Promise<Listing> {
  const { source, target, log } = parts;
  const { select, tellsTokens = false } = options;
  const memory = new RunMemory(reader);
  const certificates = new Map<string, ListingCertificate>();
  const tokens = new Map<string, string>();
  let count = 0;
  const known = new Set(await reader.spaces());
  const readsAll = options.full === true || options.full_read === true;
  const wanted = select === undefined ? {} : { wanted: select.space };
  const placesOf = (ids: readonly AssetId[]): readonly string[] => ids.map((id) => target.place(id).key);
  const told = (more: number): void => log.event({ kind: "progress", phase: "list", done: (count += more) });
  for await (const event of source.list({ signal: options.signal, memory, known, readsAll, tellsTokens, takesText: true, ...wanted })) {
    switch (event.kind) {
      case "listed":
        await spool.list(event.items, placesOf(event.items.map(({ id }) => id)));
        told(event.items.length);
        break;
      case "text":
        await spool.listText(event, placesOf(event.ids.split("\n")));
        told(event.count);
        break;
      case "certificate":
        certificates.set(event.certificate.scope, event.certificate);
        if (event.token !== undefined) tokens.set(event.certificate.scope, event.token);
        break;
      case "problem":
        problems.add(event.problem);
        break;
    }
  }
  const absent = (select?.named ?? []).filter((space) => !certificates.has(space));
  if (absent.length > 0)
    throw new TidemarkError("usage", `The selection asks for ${absent.join(", ")}, and the source lists no such space.`, {
      remedy: "Spaces are named exactly as in the source, capitals included. `tidemark status` shows those of the state.",
    });
  const listed = await spool.sum();
  for (const [scope, id] of listed.repeated) {
    const certificate = certificates.get(scope);
    if (certificate === undefined) continue;
    certificates.set(scope, {
      ...certificate,
      complete: false,
      problem: `${id} was listed twice, so a page may have shifted and hidden others`,
    });
  }
  for (const certificate of certificates.values()) tellIncomplete(certificate, problems);
  const dated = await withTimes(certificates, reader, parts.clock.now());
  return { count: listed.count, certificates: dated, tokens, colliding: await colliding(spool), memory: memory.kept, isAtRest: false };
}

/** Each certificate with the time of the last complete listing of its scope: this one, or an earlier. */
export async function withTimes(
  certificates: ReadonlyMap<string, ListingCertificate>,
  reader: CheckpointReader,
  now: number,
): Promise<Listing["certificates"]> {
  const before = new Map((await reader.head())?.listings.map(({ scope, complete_at }) => [scope, complete_at]));
  return new Map(
    [...certificates].map(([scope, certificate]) => {
      const complete_at = certificate.complete ? new Date(now).toISOString() : before.get(scope);
      return [scope, complete_at === undefined ? certificate : { ...certificate, complete_at }];
    }),
  );
}

/** A listing that is not complete is a problem of the run. */
export function tellIncomplete({ scope, complete, problem }: ListingCertificate, problems: ProblemLog): void {
  if (complete) return;
  problems.add({
    scope,
    code: "listing_incomplete",
    message: `The listing of ${scope} is not complete: ${problem ?? "the source did not say why"}. Nothing of it is deleted in this run.`,
  });
}

async function colliding(spool: Spool): Promise<Listing["colliding"]> {
  const found = new Map<AssetId, { ref: string; others: readonly AssetId[] }>();
  for await (const { ref, ids } of spool.collisions()) {
    for (const id of ids) found.set(id, { ref, others: ids.filter((other) => other !== id) });
  }
  return found;
}

/** Reads through to what the last commit kept, and holds back what this run sets until it commits. */
class RunMemory implements SourceMemory {
  readonly kept = new Map<string, Json>();
  readonly #reader: CheckpointReader;

  constructor(reader: CheckpointReader) {
    this.#reader = reader;
  }

  async get(key: string): Promise<Json | undefined> {
    return this.kept.get(key) ?? (await this.#reader.memory(`source:${key}`));
  }

  set(key: string, value: Json): void {
    this.kept.set(key, value);
  }
}
