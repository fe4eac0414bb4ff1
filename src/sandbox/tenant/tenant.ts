import type { JsonObject } from "../../model/json.ts";
import { definitionOf } from "./definition.ts";
import { editDefinition } from "./edits.ts";
import type { Edit } from "./edits/edit.ts";
import { identityOf } from "./identity.ts";
import { Rng } from "./rng.ts";
import { DEFAULT_SPACES } from "./vocabulary.ts";

/** A sample tenant: made up, in the shapes and sizes of real exports, the same for the same options everywhere. */
export interface TenantOptions {
  /** How many assets, at least 1. */
  readonly assets: number;
  readonly seed: number;
  /** Names of its spaces, unevenly filled; `[A-Z0-9_]`, at most 20 characters each. */
  readonly spaces?: readonly string[];
  /** What happened to the tenant since it was made, oldest first. */
  readonly rounds?: readonly Round[];
}

/** A time in which a part of the tenant's assets changed. */
export interface Round {
  /** How much of all assets changed: exactly that share, rounded. */
  readonly share: number;
  /** What changed on each of them: one of these edits that finds something to edit. */
  readonly edits: readonly Edit[];
}

/** One asset of the tenant. */
export interface TenantAsset {
  readonly number: number;
  readonly space: string;
  readonly name: string;
  readonly definition: JsonObject;
  /** The last round that changed it, counted from 1; 0 for one that is as it was made. */
  readonly round: number;
}

/** The tenant's assets, one after another: each is made of the seed and its number alone, so that memory does not grow with their count. */
export function* tenant(options: TenantOptions): Generator<TenantAsset, void, undefined> {
  for (let number = 0; number < options.assets; number++) yield tenantAsset(options, number);
}

/** One asset of the tenant, by its number. */
export function tenantAsset({ assets, seed, spaces = DEFAULT_SPACES, rounds = [] }: TenantOptions, number: number): TenantAsset {
  const { space, name } = identityOf({ seed, spaces }, number);
  let definition = definitionOf({ seed, spaces }, number);
  let last = 0;
  for (const [index, { share, edits }] of rounds.entries()) {
    if (!changesIn(index, number, Math.round(share * assets), assets, seed)) continue;
    const edited = editDefinition(definition, edits, new Rng(seed, number, 4, index));
    if (edited === null) continue;
    definition = edited.definition;
    last = index + 1;
  }
  return { number, space, name, definition, round: last };
}

// Puts the numbers in another order by n → (a·n + b) mod assets, with no common divisor of a and the count: exactly `count` of them
// come to stand below it, and whether one does needs no look at the others.
function changesIn(round: number, number: number, count: number, assets: number, seed: number): boolean {
  const rng = new Rng(seed, round, 5);
  let step = 1 + rng.below(assets);
  while (commonDivisor(step, assets) !== 1) step++;
  return (step * number + rng.below(assets)) % assets < count;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
