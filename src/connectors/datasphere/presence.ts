import { type AssetId, spaceOf, technicalNameOf } from "../../model/asset.ts";
import { AssetError } from "../../model/errors.ts";
import type { Presence } from "../../model/listing.ts";
import type { CallOptions } from "../../ports/call.ts";
import { z } from "zod";
import { CORE } from "./capabilities.ts";
import { inParallel } from "./in-parallel.ts";
import { bodyOf } from "./json-body.ts";
import { ASSET_TYPES, type AssetSegment } from "./object-types.ts";
import { readDefinition } from "./read-definition.ts";
import type { Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";

/**
 * Whether vanished assets are gone: each is looked for under every type, because which one it was is not known here, and its space's
 * lists are asked for after that. Only where they answer does "not found" mean that it is not there.
 */
export async function presences(session: Session, ids: readonly AssetId[], options: CallOptions): Promise<ReadonlyMap<AssetId, Presence>> {
  const looked = new Map<AssetId, Presence>();
  const look = async (id: AssetId): Promise<readonly [AssetId, Presence]> => [id, await presenceOf(session, id, options)];
  for await (const [id, presence] of inParallel(ids, session.concurrency, look)) looked.set(id, presence);
  const absent = [...looked].filter(([, presence]) => presence === "gone").map(([id]) => spaceOf(id));
  const readable = new Map<string, boolean>();
  for (const space of new Set(absent)) readable.set(space, await isReadable(session, space, options));
  return new Map(
    [...looked].map(([id, presence]) => [id, presence === "gone" && readable.get(spaceOf(id)) !== true ? "unknown" : presence]),
  );
}

async function presenceOf(session: Session, id: AssetId, options: CallOptions): Promise<Presence> {
  // The object lists had it, and the catalog did not.
  if (session.listing.withdrawn.has(id)) return "withdrawn";
  for (const segment of Object.values<AssetSegment>(ASSET_TYPES)) {
    const presence = await presenceAt(session, id, segment, options);
    if (presence !== "gone") return presence;
  }
  return "gone";
}

async function presenceAt(session: Session, id: AssetId, segment: AssetSegment, options: CallOptions): Promise<Presence> {
  const address = { space: spaceOf(id), segment, name: technicalNameOf(id) };
  try {
    const { kind } = await readDefinition(session.http, address, session.scope.definition, options);
    return kind === "absent" ? "gone" : "present";
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof TenantError && error.kind === "forbidden") return "forbidden";
    // An answer that cannot be understood is no proof of absence.
    if (error instanceof TenantError || error instanceof AssetError) return "unknown";
    throw error;
  }
}

async function isReadable({ http }: Session, space: string, options: CallOptions): Promise<boolean> {
  const url = `${CORE}/spaces/${encodeURIComponent(space)}/${ASSET_TYPES.local_tables}?select=technicalName&top=1&skip=0`;
  try {
    const reply = await http.get({ url, accept: "application/json" }, options);
    return reply.status === 200 && bodyOf(reply, z.array(z.looseObject({ technicalName: z.string() }))).length <= 1;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof TenantError) return false;
    throw error;
  }
}
