import { createHash } from "node:crypto";
import type { Asset, AssetId } from "../../src/model/asset.ts";
import type { Acknowledged } from "../../src/model/checkpoint.ts";
import { type Problem, TidemarkError } from "../../src/model/errors.ts";
import type { Json } from "../../src/model/json.ts";
import type { DeleteRequest, Observed, OwnerMark, PutRequest, Target, WriteResult } from "../../src/ports/target.ts";
import type { World } from "./world.ts";

/** One table of the simulated catalog. `note` is what people typed; nothing of ours may touch it. */
export interface SimTable {
  readonly revision: number;
  readonly asset: Asset | null;
  readonly note: string;
  readonly mark: OwnerMark | null;
  readonly asset_id: AssetId;
  readonly tombstone: number | null;
}

const MAPPING = "simulated-1";

/** A simulated catalog: tables with revisions and compare-and-set, foreign tables, people who edit. */
export class SimCatalog {
  readonly tables: Map<string, SimTable> = new Map();
  /** Every (place, fingerprint) that ever stood here: a checkpoint may only tell of these. */
  readonly applied: Set<string> = new Set();
  /** Writes and removals that took effect. */
  effects = 0;
  /** Told before a table of ours is removed. */
  onRemove: (table: SimTable) => void = () => undefined;
  /** Told of each write of ours. */
  onWrite: (ref: string, before: SimTable | null, after: SimTable) => void = () => undefined;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Compare-and-set: `expected` is null for a table that must not exist. Answers false, changing nothing, where it does not hold. */
  write(ref: string, expected: number | null, table: Omit<SimTable, "revision">): boolean {
    const live = this.tables.get(ref);
    if ((live?.revision ?? null) !== expected) return false;
    // A revision is never used twice for a place, as Glue's versions are not while a table lives.
    const revision = expected === null ? 0 : expected + 1;
    const after = { ...table, revision };
    this.onWrite(ref, live ?? null, after);
    this.tables.set(ref, after);
    this.applied.add(`${ref} ${fingerprintOf(table.asset)}`);
    this.effects++;
    return true;
  }

  /**
   * A removal that compares nothing, as Glue's. One that lands `late`, when its asset has come back, hits a live table although it was
   * confirmed when it was sent: no protocol over such a call can prevent that, only heal it, which the promise at rest judges.
   */
  remove(ref: string, { late = false }: { readonly late?: boolean } = {}): void {
    const live = this.tables.get(ref);
    if (live === undefined) return;
    if (!late) this.onRemove(live);
    this.tables.delete(ref);
    this.effects++;
  }

  /** A person types a note into a table. */
  annotate(): void {
    const refs = [...this.tables.keys()];
    if (refs.length === 0) return;
    const ref = this.#world.rng.pick(refs);
    const live = this.tables.get(ref) as SimTable;
    this.tables.set(ref, { ...live, note: `note ${this.#world.rng.below(1_000)}`, revision: live.revision + 1 });
    this.#world.trace?.push(`  catalog: a note is typed into ${ref}`);
  }
}

/** Hash of our part of a table. */
export function fingerprintOf(asset: Asset | null): string {
  return asset === null ? "none" : createHash("md5").update(JSON.stringify(asset)).digest("hex");
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sent: "no" | "perhaps" };

/** A target over the simulated catalog: each request is a step of its own, may be refused, and may be lost before or after its effect. */
export function simTarget(world: World, process: number, catalog: SimCatalog): Target {
  const placed = (id: AssetId): string => `db.${id.toLowerCase()}`;

  function request<T>(name: string, effect: () => T, late: () => void = effect): Promise<Answer<T>> {
    return world.op(
      process,
      name,
      (): Answer<T> => {
        const { rng, faults } = world;
        if (!rng.chance(faults.network)) return { ok: true, value: effect() };
        const fault = rng.below(4);
        world.trace?.push(`  fault: ${["refused", "lost", "answer lost", "late"][fault]}`);
        if (fault === 0) return { ok: false, sent: "no" };
        if (fault === 2) effect();
        if (fault === 3) world.sendLate(late);
        return { ok: false, sent: "perhaps" };
      },
      late,
    );
  }

  const problem = (message: string): Problem => ({ code: "write_failed", message });
  const lost = (answer: { readonly sent: "no" | "perhaps" }): WriteResult =>
    answer.sent === "no"
      ? { status: "refused", again: true, problem: problem("Rate exceeded.") }
      : { status: "unknown", problem: problem("The connection was reset.") };
  const observedOf = (ref: string, live: SimTable | undefined): Observed =>
    live === undefined
      ? { state: "absent", ref }
      : {
          state: "present",
          ref,
          revision: String(live.revision),
          document: live as unknown as Json,
          fingerprint: fingerprintOf(live.asset),
          mark:
            live.mark === null
              ? null
              : { ...live.mark, asset_id: live.asset_id, fingerprint: fingerprintOf(live.asset), tombstone: live.tombstone },
        };
  const applied = (acknowledged: Acknowledged | null): WriteResult => ({
    status: "applied",
    acknowledged,
    decisions: [],
    kept: [],
    withheld: [],
  });
  const acknowledged = (ref: string, table: SimTable): Acknowledged => ({
    ref,
    revision: String(table.revision),
    document: table as unknown as Json,
    fingerprint: fingerprintOf(table.asset),
    mapping: MAPPING,
  });
  const look = (ref: string): Promise<Answer<SimTable | undefined>> => request(`get ${ref}`, () => catalog.tables.get(ref));
  const ours = (live: SimTable, owner: OwnerMark, id: AssetId): boolean => live.mark?.lineage === owner.lineage && live.asset_id === id;

  async function put({ asset, mark: owner, base, observed, change }: PutRequest): Promise<WriteResult> {
    const ref = placed(asset.id);
    // What stands there, as far as is known without asking: what a read in this run found, else what we last wrote, else nothing.
    let live =
      observed === undefined
        ? ((base?.document as unknown as SimTable | undefined) ?? undefined)
        : observed.state === "present"
          ? (observed.document as unknown as SimTable)
          : undefined;
    let known = observed !== undefined;
    for (let round = 0; round < 5; round++) {
      if (live !== undefined && !ours(live, owner, asset.id)) {
        return {
          status: "withheld",
          withheld: {
            asset_id: asset.id,
            change_type: change.change_type,
            because: { code: "target_foreign", message: `${ref} is somebody else's.` },
          },
        };
      }
      if (known && live !== undefined && live.tombstone === null && fingerprintOf(live.asset) === fingerprintOf(asset))
        return applied(acknowledged(ref, live));
      const table = { asset, note: live?.note ?? "", mark: owner, asset_id: asset.id, tombstone: null };
      const expected = live?.revision ?? null;
      const written = await request(`write ${ref} on ${expected}`, () => catalog.write(ref, expected, table));
      if (!written.ok) return lost(written);
      if (written.value) return applied(acknowledged(ref, { ...table, revision: expected === null ? 0 : expected + 1 }));
      const read = await look(ref);
      if (!read.ok) return { status: "refused", again: true, problem: problem("A read failed.") };
      live = read.value;
      known = true;
    }
    return { status: "refused", again: false, problem: problem("Others keep writing.") };
  }

  async function mark({ ref, mark: owner, asset_id, generation }: DeleteRequest): Promise<WriteResult> {
    for (let round = 0; round < 5; round++) {
      const read = await look(ref);
      if (!read.ok) return { status: "refused", again: true, problem: problem("A read failed.") };
      const live = read.value;
      if (live === undefined) return applied(null);
      if (!ours(live, owner, asset_id))
        return {
          status: "withheld",
          withheld: { asset_id, change_type: "deleted", because: { code: "target_foreign", message: `${ref} is somebody else's.` } },
        };
      if (live.tombstone === generation) return applied(acknowledged(ref, live));
      const table = { ...live, tombstone: generation };
      const written = await request(`mark ${ref}`, () => catalog.write(ref, live.revision, table));
      if (!written.ok) return lost(written);
      if (written.value) return applied(acknowledged(ref, { ...table, revision: live.revision + 1 }));
    }
    return { status: "refused", again: false, problem: problem("Others keep writing.") };
  }

  /** The answer where there is nothing to remove, null where there is. */
  async function notToRemove({ ref, mark: owner, asset_id }: DeleteRequest): Promise<WriteResult | null> {
    const read = await look(ref);
    if (!read.ok) return { status: "refused", again: true, problem: problem("A read failed.") };
    if (read.value === undefined) return applied(null);
    return ours(read.value, owner, asset_id) && read.value.tombstone !== null
      ? null
      : { status: "refused", again: false, problem: problem(`${ref} bears no mark of deletion.`) };
  }

  async function remove(asked: DeleteRequest): Promise<WriteResult> {
    const { ref } = asked;
    const answer = await notToRemove(asked);
    if (answer !== null) return answer;
    const removed = await request(
      `remove ${ref}`,
      () => catalog.remove(ref),
      () => catalog.remove(ref, { late: true }),
    );
    return removed.ok ? applied(null) : lost(removed);
  }

  /** One request for all of them, of which some may take effect where the answer is lost. */
  async function removeAll(asked: readonly DeleteRequest[]): Promise<readonly WriteResult[]> {
    const answers = new Map<DeleteRequest, WriteResult>();
    for (const one of asked) {
      const answer = await notToRemove(one);
      if (answer !== null) answers.set(one, answer);
    }
    const doomed = asked.filter((one) => !answers.has(one));
    const some = doomed.slice(0, Math.ceil(doomed.length / 2));
    const removeEach = (requests: readonly DeleteRequest[], late: boolean): void => {
      for (const { ref } of requests) catalog.remove(ref, { late });
    };
    const removed = await request(
      `remove ${doomed.map(({ ref }) => ref).join(", ")}`,
      () => removeEach(doomed, false),
      () => removeEach(some, true),
    );
    return asked.map((one) => answers.get(one) ?? (removed.ok ? applied(null) : lost(removed)));
  }

  return {
    supports: { observe: true, tombstones: true },
    mapping: MAPPING,
    scope: "simulated",
    place: (id) => ({ key: placed(id), warnings: [] }),
    project: (asset) => ({
      ok: true,
      ref: { key: placed(asset.id), warnings: [] },
      document: asset as unknown as Json,
      fingerprint: fingerprintOf(asset),
      warnings: [],
    }),
    observe: async (refs) => {
      const found = new Map<string, Observed>();
      for (const ref of refs) {
        const read = await look(ref);
        found.set(ref, read.ok ? observedOf(ref, read.value) : { state: "unknown", ref, problem: problem("No answer.") });
      }
      return found;
    },
    scan: async function* (pipeline) {
      const seen = await request("scan", () => [...catalog.tables].filter(([, table]) => table.mark?.pipeline === pipeline));
      if (!seen.ok) throw new TidemarkError("target_unavailable", "The simulated catalog does not answer.");
      yield seen.value.map(([ref, table]) => observedOf(ref, table)).filter((one) => one.state === "present");
    },
    restore: (document) => (document as unknown as SimTable).asset,
    drift: (recorded, observed) => (observed.fingerprint === recorded.fingerprint && observed.mark !== null ? [] : [{ path: "/target" }]),
    preview: () => ({ writes: true, kept: [], withheld: [] }),
    put,
    mark,
    remove,
    // Every other process is one of a target that removes tables one by one.
    ...(process % 2 === 0 && { removeAll }),
    close: async () => undefined,
  };
}
