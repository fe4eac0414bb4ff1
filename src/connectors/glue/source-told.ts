import { type AssetId, spaceOf } from "../../model/asset.ts";
import type { ListingEvent, Presence } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { ListOptions, SourceMemory } from "../../ports/source.ts";
import { listCatalog } from "./source-list.ts";
import type { GlueSourceParts } from "./source-pages.ts";

/**
 * Lists the tables that Tidemark wrote under the names of the assets that their marks tell, by the spaces of those. Which databases hold
 * a space is nowhere said: so a space is listed completely where every database is.
 */
export async function* listToldAssets(parts: GlueSourceParts, options: ListOptions): AsyncIterable<ListingEvent> {
  const counts = new Map<string, number>([...options.known].map((space) => [space, 0]));
  const gaps: string[] = [];
  const { wanted: _every, ...whole } = options;
  for await (const event of listCatalog(parts, { ...whole, known: new Set() })) {
    if (event.kind === "certificate") {
      if (!event.certificate.complete) gaps.push(event.certificate.problem ?? "");
      continue;
    }
    if (event.kind === "problem") gaps.push(event.problem.message);
    if (event.kind === "listed") for (const { scope } of event.items) counts.set(scope, (counts.get(scope) ?? 0) + 1);
    yield event;
  }
  for (const [scope, count] of [...counts].toSorted(([a], [b]) => compareCodePoints(a, b))) {
    const problem = gaps[0] ?? (count === 0 ? "no table tells an asset of it, and some did before" : undefined);
    const certificate = problem === undefined ? { scope, complete: true, count } : { scope, complete: false, count, problem };
    yield { kind: "certificate", certificate };
  }
}

/** Gone is what no table of a complete listing tells, while others of its space are there. */
export async function presencesOfTold(
  parts: GlueSourceParts,
  ids: readonly AssetId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<AssetId, Presence>> {
  const found = new Map<AssetId, Presence>(ids.map((id) => [id, "unknown"]));
  const known = new Set(ids.map(spaceOf));
  for await (const event of listToldAssets(parts, { signal, known, memory: NO_MEMORY })) {
    if (event.kind === "listed") for (const { id } of event.items) if (found.has(id)) found.set(id, "present");
    if (event.kind !== "certificate" || !event.certificate.complete) continue;
    for (const id of ids) if (spaceOf(id) === event.certificate.scope && found.get(id) === "unknown") found.set(id, "gone");
  }
  return found;
}

// This source remembers nothing.
const NO_MEMORY: SourceMemory = { get: () => Promise.resolve(undefined), set: () => undefined };
