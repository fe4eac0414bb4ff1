import type { Overlay } from "../../csn/overlay.ts";
import { spaceOf, technicalNameOf } from "../../model/asset.ts";
import type { Listed } from "../../model/listing.ts";
import type { Log } from "../../ports/log.ts";
import type { ExposedAssets } from "./exposed-assets.ts";
import type { ReadPolicy } from "./read-policy.ts";
import type { ListedState } from "./listed-state.ts";
import type { AssetSegment } from "./object-types.ts";
import type { ObjectAddress } from "./read-definition.ts";
import type { TenantScope } from "./scope.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantClock } from "./tenant-clock.ts";

/** What listing, reading and confirming share. */
export interface Session {
  readonly http: Tenant;
  /** The tenant's address without a path: what messages call it. */
  readonly origin: string;
  readonly scope: TenantScope;
  readonly overlay: Overlay;
  readonly clock: TenantClock;
  readonly log: Log;
  /** Tells in messages, and to a read policy, what time it is. */
  readonly now: () => number;
  readonly policy: ReadPolicy | null;
  readonly exposed: ExposedAssets;
  /** Whether flows are read for the tables that they fill. */
  readonly flows: boolean;
  /** Reads under way at a time. */
  readonly concurrency: number;
  /** What the last listing told, and nothing before the first. */
  listing: ListedState;
}

/** Where a listed asset is read, as the engine carries it from the listing to the read. */
export interface Locator {
  readonly segment: AssetSegment;
  /** Its definition is known to be forbidden: only its `$metadata` is asked for. */
  readonly metadata_only?: true;
  /** The token that the list's times make, where they may be too young to prove anything yet, and from when on they do. */
  readonly times?: { readonly token: string; readonly settles: number };
  /** What the list says of it, where a read policy goes by that. */
  readonly row?: string;
}

/** The address at which a listed asset is read. */
export function addressOf({ id, locator }: Pick<Listed, "id" | "locator">): ObjectAddress {
  return { space: spaceOf(id), segment: (locator as unknown as Locator).segment, name: technicalNameOf(id) };
}
