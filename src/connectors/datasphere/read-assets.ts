import { toAsset } from "../../csn/to-asset.ts";
import { type AssetId, spaceOf } from "../../model/asset.ts";
import { AssetError, type ProblemCode } from "../../model/errors.ts";
import type { ReadResult, Wanted } from "../../model/listing.ts";
import type { CallOptions } from "../../ports/call.ts";
import { isOfEdmx } from "./edmx/to-asset.ts";
import { hasUntyped, originsOf, withTypes } from "./analytic-model.ts";
import { assetToken } from "./asset-token.ts";
import { inParallel } from "./in-parallel.ts";
import { modelToken } from "./model-sources.ts";
import type { ObjectAddress } from "./read-definition.ts";
import type { ReadSchedule } from "./read-policy.ts";
import { addressOf, type Locator, type Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";

/** Reads listed assets, some at a time, each answered as it comes. */
export async function* readAssets(session: Session, items: readonly Wanted[], options: CallOptions): AsyncIterable<ReadResult> {
  const { schedule } = session.listing;
  const counts = new Map<string, ReadCounts>();
  await session.listing.definitions.expect(items.map(addressOf), options);
  for await (const result of inParallel(items, session.concurrency, (item) => readAsset(session, item, options))) {
    if (schedule !== null) noteRead(schedule, items, result);
    const space = spaceOf(result.id);
    counts.set(space, counted(counts.get(space), result));
    yield result;
  }
  session.listing.modelMemory.save();
  schedule?.save();
  for (const [space, fields] of counts) session.log.event({ kind: "debug", message: "assets read", fields: { space, ...fields } });
}

/** What reads came to, in one space. */
interface ReadCounts {
  readonly read: number;
  readonly unchanged: number;
  readonly failed: number;
}

function counted(before: ReadCounts = { read: 0, unchanged: 0, failed: 0 }, { kind }: ReadResult): ReadCounts {
  const key = kind === "asset" ? "read" : kind;
  return { ...before, [key]: before[key] + 1 };
}

/** Tells the schedule that an asset was looked at, whatever came of it. */
function noteRead(schedule: ReadSchedule, items: readonly Wanted[], result: ReadResult): void {
  const item = items.find(({ id }) => id === result.id);
  const { row } = (item?.locator ?? {}) as unknown as Partial<Locator>;
  const token = result.kind === "asset" ? result.token : result.kind === "unchanged" ? (item?.known ?? null) : null;
  if (row !== undefined && token !== null) schedule.wasRead(result.id, row, token);
}

async function readAsset(session: Session, item: Wanted, options: CallOptions): Promise<ReadResult> {
  const { id } = item;
  const { times } = item.locator as unknown as Locator;
  const address = addressOf(item);
  try {
    // Read before its times settle, a definition could change once more under the same token.
    const proof = times !== undefined && (await session.clock.reach(times.settles, options)) ? times.token : null;
    return await readDefined(session, item, address, proof, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof AssetError) return failed(id, error.code, `${id} could not be read: ${error.message}.`);
    if (error instanceof TenantError) {
      const code = error.kind === "forbidden" ? "asset_forbidden" : "asset_unreadable";
      return failed(id, code, `${id} could not be read: ${error.message}.`);
    }
    throw error;
  }
}

async function readDefined(
  session: Session,
  item: Wanted,
  address: ObjectAddress,
  proof: string | null,
  options: CallOptions,
): Promise<ReadResult> {
  try {
    if ((item.locator as unknown as Locator).metadata_only === true)
      throw new TenantError("forbidden", "the lists of its space are refused");
    return address.segment === "analyticmodels"
      ? await readModel(session, item.id, address, proof, options)
      : await readPlain(session, item, address, proof, options);
  } catch (error) {
    if (!(error instanceof TenantError) || error.kind !== "forbidden") throw error;
    return await readMetadataOf(session, item, address, error, options);
  }
}

/** What is known of an asset whose definition the technical user may not read: what its `$metadata` tells, where it is exposed. */
async function readMetadataOf(
  { exposed, overlay, listing: { filledBy } }: Session,
  { id, known, applied }: Wanted,
  address: ObjectAddress,
  refusal: TenantError,
  options: CallOptions,
): Promise<ReadResult> {
  // Rewritten from what $metadata tells, a table would lose its queries, associations and exact types for what may be one odd answer.
  if (applied !== undefined && !isOfEdmx(applied))
    throw new TenantError(
      "forbidden",
      `${refusal.message}; its definition was read before, and its table is kept as that says. Give the technical user the right back, or have it read from $metadata after \`tidemark checkpoint forget\``,
    );
  const found = await exposed.asset(address, overlay, { ...options, known: filledBy.ofDefinition(id, known) });
  if (found === null) throw refusal;
  if (found === "unchanged") return { kind: "unchanged", id };
  const message = `The definitions of ${address.space} may not be read, that of ${id} for one (${refusal.message}): what it exposes is known by its $metadata alone. Give the technical user a role that reads them.`;
  const warnings = exposed.isFirstOf(address.space) ? [{ scope: address.space, code: "definition_forbidden" as const, message }] : [];
  return { kind: "asset", id, asset: filledBy.onto(found.asset), token: filledBy.token(id, found.token), warnings };
}

async function readPlain(
  { overlay, listing: { definitions, models, filledBy } }: Session,
  { id, known: told }: Wanted,
  address: ObjectAddress,
  proof: string | null,
  options: CallOptions,
): Promise<ReadResult> {
  // Where other flows fill it now, it is read whatever its definition was.
  const known = filledBy.ofDefinition(id, told);
  const reply = models.claim(id, known) ?? (await definitions.read(address, options, known));
  switch (reply.kind) {
    case "unchanged":
      if (known !== undefined) models.sawUnchanged(id, known);
      return { kind: "unchanged", id };
    case "absent":
      return absent(id, reply.why);
    case "definition": {
      models.saw(id, reply);
      const asset = toAsset({ ...address, ...reply.loaded, overlay });
      const token = filledBy.token(id, proof ?? reply.token ?? assetToken(asset));
      return { kind: "asset", id, asset: filledBy.onto(asset), token, warnings: [] };
    }
  }
}

/**
 * Reads an analytic model, whose columns have the types of those that they are made of: its own tag or hash says nothing of these. What is
 * made of no column, such as a calculated measure, has the type that the model's `$metadata` tells.
 */
async function readModel(
  { overlay, exposed, listing: { definitions, index, models, modelMemory } }: Session,
  id: AssetId,
  address: ObjectAddress,
  proof: string | null,
  options: CallOptions,
): Promise<ReadResult> {
  const reply = await definitions.read(address, options);
  if (reply.kind !== "definition") return absent(id, reply.kind === "absent" ? reply.why : "status 304");
  const origins = originsOf(reply.loaded).map((origin) => ({ ...origin, source: index.resolve(address.space, origin.source) }));
  const { types, isWhole } = await models.typesOf(origins, options);
  const typed = withTypes(reply.loaded.definition, types);
  const definition = hasUntyped(typed) ? withTypes(typed, await exposed.types(address, options)) : typed;
  const asset = toAsset({ ...address, ...reply.loaded, definition, overlay });
  // No list of ours tells when the types change of what could not be read.
  if (proof === null || !isWhole) return { kind: "asset", id, asset, token: assetToken(asset), warnings: [] };
  modelMemory.keepOrigins(id, proof, origins);
  return { kind: "asset", id, asset, token: modelToken(proof, types), warnings: [] };
}

function absent(id: AssetId, why: string): ReadResult {
  const message = `${id} was listed and cannot be found (${why}). Run again: it was deleted meanwhile, or is not deployed.`;
  return failed(id, "asset_unreadable", message);
}

function failed(id: AssetId, code: ProblemCode, message: string): ReadResult {
  return { kind: "failed", id, problem: { asset_id: id, code, message } };
}
