import type { Overlay } from "../../csn/overlay.ts";
import { MAPPING_VERSION } from "../../csn/to-asset.ts";
import type { Json } from "../../model/json.ts";
import type { Log } from "../../ports/log.ts";
import type { Source } from "../../ports/source.ts";
import { Definitions } from "./definitions.ts";
import { FilledBy } from "./flows/filled-by.ts";
import { ExposedAssets } from "./exposed-assets.ts";
import { listTenant } from "./list-tenant.ts";
import { listedState } from "./listed-state.ts";
import { ModelMemory } from "./model-memory.ts";
import { presences } from "./presence.ts";
import { readAssets } from "./read-assets.ts";
import type { ReadPolicy } from "./read-policy.ts";
import { scopeJson, type TenantScope } from "./scope.ts";
import type { Session } from "./session.ts";
import { openTenant, type TenantParts } from "./tenant.ts";
import { TenantClock } from "./tenant-clock.ts";

export interface DatasphereSourceOptions extends TenantParts, Overlay {
  readonly scope: TenantScope;
  /** Reads under way at a time. */
  readonly concurrency: number;
  /** Left out: whatever nothing proves unchanged is read in every run. */
  readonly policy?: ReadPolicy;
  /** Whether flows are read for the tables that they fill. */
  readonly flows: boolean;
  readonly log: Log;
}

/** Reads a live tenant, with no more requests than it takes to be sure. */
export function createDatasphereSource(options: DatasphereSourceOptions): Source {
  const { url, scope, owners, stewards, tags, clock, log, concurrency, flows } = options;
  const overlay: Overlay = { owners, stewards, tags };
  const http = openTenant(options);
  const session: Session = {
    http,
    origin: new URL(url).origin,
    scope,
    overlay,
    clock: new TenantClock(clock),
    now: () => clock.now(),
    policy: options.policy ?? null,
    exposed: new ExposedAssets(http),
    flows,
    log,
    concurrency,
    listing: listedState(new Definitions(http, scope.definition, () => null), ModelMemory.blank(), new FilledBy()),
  };
  return {
    system: "datasphere",
    scope: scopeJson(url, scope),
    basis: { mapping: MAPPING_VERSION, overlay: overlay as unknown as Json, definition: scope.definition },
    list: (call) => listTenant(session, call),
    read: (items, call) => readAssets(session, items, call),
    confirm: (ids, call) => presences(session, ids, call),
    close: () => Promise.resolve(),
  };
}
