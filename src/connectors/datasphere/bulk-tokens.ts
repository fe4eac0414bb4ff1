import { NO_OVERLAY } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Listed } from "../../model/listing.ts";
import type { CallOptions } from "../../ports/call.ts";
import { assetToken } from "./asset-token.ts";
import { BulkRefused } from "./bulk-definitions.ts";
import type { ObjectAddress } from "./read-definition.ts";
import { addressOf, type Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";

/** What a bulk read of a space came to. */
export interface BulkTokens {
  /** The listed items, with a token where the bulk read has their definition. */
  readonly items: readonly Listed[];
  /** Why the tenant is not to be asked for one again; null where it may be. */
  readonly refused: string | null;
}

/**
 * Gives a space's tables and views the tokens of what one read of them all says, which are those that reading each alone would give.
 * Until `isTrusted`, the first of them is read alone as well: a bulk read that says something else is not believed.
 */
export async function bulkTokens(
  session: Session,
  space: string,
  items: readonly Listed[],
  { isTrusted, ...options }: CallOptions & { readonly isTrusted: boolean },
): Promise<BulkTokens> {
  const { definitions, models } = session.listing;
  try {
    await definitions.readSpace(space, options);
    const held = items.map((item) => ({ item, address: addressOf(item), definition: heldDefinition(session, addressOf(item)) }));
    const sample = held.flatMap(({ item, address, definition }) => (definition === null ? [] : [{ item, address, definition }]))[0];
    if (sample !== undefined && !isTrusted && !(await saysTheSame(session, sample.address, sample.definition, options)))
      return { items, refused: `it says something else of ${sample.item.id} than a read of that alone` };
    return {
      items: held.map(({ item, address, definition }) => {
        if (definition === null) return item;
        models.saw(item.id, { kind: "definition", loaded: { definition }, token: null });
        const token = tokenOf(session, address, definition);
        return { ...item, token: token === null ? null : session.listing.filledBy.token(item.id, token) };
      }),
      refused: null,
    };
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof BulkRefused) return { items, refused: error.message };
    if (error instanceof TenantError || error instanceof AssetError) return { items, refused: null };
    throw error;
  } finally {
    definitions.forget(space);
  }
}

function heldDefinition({ listing }: Session, address: ObjectAddress): JsonObject | null {
  try {
    return listing.definitions.ofBulk(address);
  } catch (error) {
    // Its own read tells what is wrong with it.
    if (error instanceof AssetError) return null;
    throw error;
  }
}

function tokenOf({ overlay }: Session, address: ObjectAddress, definition: JsonObject): string | null {
  try {
    return assetToken(toAsset({ ...address, definition, overlay }));
  } catch (error) {
    if (error instanceof AssetError) return null;
    throw error;
  }
}

/** Throws where the read alone tells nothing: then neither is believed, this time. */
async function saysTheSame({ listing }: Session, address: ObjectAddress, definition: JsonObject, options: CallOptions): Promise<boolean> {
  const alone = await listing.definitions.readAlone(address, options);
  if (alone.kind !== "definition") throw new TenantError("unreadable", "an object of the bulk read cannot be read alone");
  const textOf = (each: JsonObject): string => assetToken(toAsset({ ...address, definition: each, overlay: NO_OVERLAY }));
  return textOf(definition) === textOf(alone.loaded.definition);
}
