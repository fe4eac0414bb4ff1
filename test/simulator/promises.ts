import type { OutcomeRecord, StateHead } from "../../src/model/checkpoint.ts";
import { type SimCatalog, fingerprintOf, type SimTable } from "./sim-target.ts";
import type { SimTenant } from "./sim-source.ts";

/** A promise of the product that a life broke. */
export class BrokenPromise extends Error {
  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`);
    this.name = "BrokenPromise";
  }
}

/** Watches every effect of a life, and remembers the first promise that one of them broke. */
export class Promises {
  readonly #tenant: SimTenant;
  readonly #catalog: SimCatalog;
  readonly #foreign: ReadonlyMap<string, SimTable>;
  #generation = 0;
  broken: BrokenPromise | null = null;

  constructor(tenant: SimTenant, catalog: SimCatalog) {
    this.#tenant = tenant;
    this.#catalog = catalog;
    this.#foreign = new Map([...catalog.tables].filter(([, table]) => table.mark === null));
    catalog.onRemove = (table) => {
      if (table.mark === null) this.#break("P8 we touch only what we own", `the foreign table of ${table.asset_id} was removed`);
      else if (tenant.present.has(table.asset_id))
        this.#break("P5 a deletion is confirmed", `${table.asset_id} was there all along and its table was removed`);
    };
    catalog.onWrite = (ref, before, after) => {
      if (before !== null && before.note !== after.note) this.#break("P8 what others wrote survives", `the note on ${ref} was lost`);
    };
  }

  /** What a store is about to make durable. */
  recording(outcomes: readonly OutcomeRecord[]): void {
    for (const { asset_id, checkpoint } of outcomes) {
      if (checkpoint == null) continue;
      const { target, snapshot, tombstone } = checkpoint;
      if (target === null)
        this.#break("P2 a checkpoint is never ahead of its target", `${asset_id} was recorded without an acknowledgement`);
      else if (!this.#catalog.applied.has(`${target.ref} ${target.fingerprint}`))
        this.#break("P2 a checkpoint is never ahead of its target", `${asset_id} was recorded as it never stood in the target`);
      else if (tombstone === null && fingerprintOf(snapshot) !== target.fingerprint)
        this.#break("P3 each stored hash is of what was applied", `the snapshot of ${asset_id} is not what was written`);
    }
  }

  committed(head: StateHead): void {
    if (head.generation <= this.#generation)
      this.#break("P9 every commit is fenced by its generation", `generation ${head.generation} came after ${this.#generation}`);
    this.#generation = Math.max(this.#generation, head.generation);
  }

  /** At every step. */
  check(): void {
    for (const [ref, table] of this.#foreign) {
      const live = this.#catalog.tables.get(ref);
      // People may type into their own tables; we may not.
      if (live === undefined || live.asset !== table.asset || live.mark !== null)
        this.#break("P8 we touch only what we own", `the foreign table ${ref} was changed`);
    }
    if (this.broken !== null) throw this.broken;
  }

  /** At rest: source = target = checkpoint. */
  converged(recorded: ReadonlyMap<string, string>): void {
    const promise = "P1 no change is lost";
    const tables = new Map<string, SimTable>();
    for (const table of this.#catalog.tables.values()) if (table.mark !== null) tables.set(table.asset_id, table);
    for (const [id, table] of tables) {
      if (!this.#tenant.definitions.has(id)) this.#break(promise, `the table of ${id} is an orphan`);
      if (table.tombstone !== null) this.#break(promise, `the table of ${id} still bears a deletion mark`);
    }
    for (const [id, fingerprint] of this.#tenant.fingerprints()) {
      const table = tables.get(id);
      if (this.#foreign.has(`db.${id.toLowerCase()}`)) continue;
      if (table === undefined) this.#break(promise, `${id} is missing in the target`);
      else if (fingerprintOf(table.asset) !== fingerprint) this.#break(promise, `${id} is not in the target as it is in the source`);
      if (recorded.get(id) !== fingerprint) this.#break(promise, `the checkpoint of ${id} does not tell what was applied`);
    }
    for (const id of recorded.keys())
      if (!this.#tenant.definitions.has(id)) this.#break(promise, `the checkpoint of ${id} outlived its asset`);
    if (this.broken !== null) throw this.broken;
  }

  #break(promise: string, what: string): void {
    this.broken ??= new BrokenPromise(promise, what);
  }
}
