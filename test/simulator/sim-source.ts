import { createHash } from "node:crypto";
import { type Asset, type AssetId, spaceOf, technicalNameOf } from "../../src/model/asset.ts";
import type { Listed, ListingEvent, Presence, ReadResult } from "../../src/model/listing.ts";
import { compareCodePoints } from "../../src/model/order.ts";
import type { Source } from "../../src/ports/source.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { fingerprintOf } from "./sim-target.ts";
import type { World } from "./world.ts";

/** The state of a definition: one number for each facet. Unequal numbers are unequal facets. */
export interface Versions {
  readonly content: number;
  readonly schema: number;
  readonly metadata: number;
}

interface Definition {
  readonly id: AssetId;
  readonly versions: Versions;
}

export const SPACES: readonly string[] = ["A", "B"];
const NAMES: readonly string[] = ["k", "l", "m", "n"];
/** Small pages, so that a listing of a few assets takes several and a change between them shifts one. */
const PAGE = 2;

/** A simulated tenant: definitions that change between runs, and between the pages of a listing. */
export class SimTenant {
  readonly definitions: Map<AssetId, Versions> = new Map();
  readonly #world: World;
  /** Whether equal tokens are offered, as some tenants do. */
  readonly tokens: boolean;
  /** Ids that were there without a break since the running run began: none of them may be deleted. */
  readonly present: Set<AssetId> = new Set();
  quiet = false;

  constructor(world: World, tokens: boolean) {
    this.#world = world;
    this.tokens = tokens;
  }

  /** One random edit: an asset comes, goes or changes in some facets. */
  edit(): void {
    const { rng } = this.#world;
    const id = `${rng.pick(SPACES)}.${rng.pick(NAMES)}`;
    const now = this.definitions.get(id);
    if (now === undefined) this.definitions.set(id, { content: rng.below(100), schema: rng.below(100), metadata: rng.below(100) });
    else if (rng.chance(0.3)) {
      this.definitions.delete(id);
      this.present.delete(id);
    } else {
      const [content, schema, metadata] = [rng.chance(0.5), rng.chance(0.5), rng.chance(0.5)];
      this.definitions.set(id, {
        content: now.content + Number(content),
        schema: now.schema + Number(schema),
        metadata: now.metadata + Number(metadata),
      });
    }
    this.#world.trace?.push(`  tenant: ${id} ${JSON.stringify(this.definitions.get(id) ?? "gone")}`);
  }

  /** Goes back to what it was. */
  becomes(definitions: readonly (readonly [AssetId, Versions])[]): void {
    this.definitions.clear();
    for (const [id, versions] of definitions) this.definitions.set(id, versions);
  }

  /** Begins to watch what is there throughout a run. */
  beginRun(): void {
    this.present.clear();
    for (const id of this.definitions.keys()) this.present.add(id);
  }

  /** What each asset's table must hold in the end, by id. */
  *fingerprints(): Iterable<[AssetId, string]> {
    for (const [id, versions] of this.definitions) yield [id, fingerprintOf(assetOf(id, versions))];
  }

  maybeEdit(chance = 0.05): void {
    if (!this.quiet && this.#world.rng.chance(chance)) this.edit();
  }

  page(space: string, skip: number): readonly Definition[] {
    return this.in(space).slice(skip, skip + PAGE);
  }

  in(space: string): readonly Definition[] {
    const ids = [...this.definitions.keys()].filter((id) => spaceOf(id) === space).sort(compareCodePoints);
    return ids.map((id) => ({ id, versions: this.definitions.get(id) as Versions }));
  }
}

/** The asset that a definition's versions stand for. */
export function assetOf(id: AssetId, { content, schema, metadata }: Versions): Asset {
  return anAsset({
    space: spaceOf(id),
    name: technicalNameOf(id),
    business_name: `name ${content}`,
    columns: [aColumn("ID"), aColumn(`C${schema}`)],
    tags: [`tag ${metadata}`],
  });
}

/** A source over the simulated tenant. Every request is a step of its own, and any of them may fail. */
export function simSource(world: World, process: number, tenant: SimTenant): Source {
  const fails = (): boolean => !tenant.quiet && world.rng.chance(world.faults.source);
  return {
    system: "datasphere",
    scope: "simulated",
    basis: "simulated",
    list: ({ signal }) => list(world, process, tenant, fails, signal),
    isAsListed: (tokens) =>
      world.op(process, "look whether all is as it was listed", () => {
        tenant.maybeEdit();
        if (fails()) return false;
        return SPACES.every((scope) => tokens.get(scope) === scopeToken(tenant.in(scope)));
      }),
    read: async function* (items: readonly Listed[]): AsyncIterable<ReadResult> {
      for (const { id } of items) {
        yield await world.op(process, `read ${id}`, (): ReadResult => {
          tenant.maybeEdit();
          const versions = tenant.definitions.get(id);
          if (fails() || versions === undefined)
            return { kind: "failed", id, problem: { asset_id: id, code: "asset_unreadable", message: `${id} could not be read.` } };
          return { kind: "asset", id, asset: assetOf(id, versions), token: tokenOf(tenant, versions), warnings: [] };
        });
      }
    },
    confirm: async (ids) => {
      const answers = new Map<AssetId, Presence>();
      for (const id of ids) {
        const answer = await world.op(process, `confirm ${id}`, (): Presence =>
          fails() ? "unknown" : tenant.definitions.has(id) ? "present" : "gone",
        );
        answers.set(id, answer);
      }
      return answers;
    },
    close: async () => undefined,
  };
}

async function* list(
  world: World,
  process: number,
  tenant: SimTenant,
  fails: () => boolean,
  signal: AbortSignal,
): AsyncIterable<ListingEvent> {
  for (const scope of SPACES) {
    const told: Definition[] = [];
    let problem: string | undefined;
    for (;;) {
      signal.throwIfAborted();
      const skip = told.length;
      const page = await world.op(process, `list ${scope} from ${skip}`, () => {
        // More often than elsewhere: a page that shifts is what hides a live asset from a listing.
        tenant.maybeEdit(0.15);
        return fails() ? null : tenant.page(scope, skip);
      });
      if (page === null) {
        problem = "a page could not be loaded";
        break;
      }
      if (page.length > 0)
        yield { kind: "listed", items: page.map(({ id, versions }) => ({ id, scope, token: tokenOf(tenant, versions), locator: null })) };
      told.push(...page);
      if (page.length < PAGE) break;
    }
    yield {
      kind: "certificate",
      certificate: { scope, count: told.length, ...(problem === undefined ? { complete: true } : { complete: false, problem }) },
      ...(tenant.tokens && problem === undefined ? { token: scopeToken(told) } : {}),
    };
  }
}

function tokenOf(tenant: SimTenant, versions: Versions): string | null {
  return tenant.tokens ? createHash("md5").update(JSON.stringify(versions)).digest("hex") : null;
}

/** Of what a listing told, page by page: where a page shifted it is that of no catalog. */
function scopeToken(told: readonly Definition[]): string {
  return createHash("md5")
    .update(JSON.stringify(told.map(({ id, versions }) => [id, versions])))
    .digest("hex");
}
