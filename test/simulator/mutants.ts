import { AT_REST_KEY } from "../../src/engine/at-rest.ts";
import type { Asset, AssetId } from "../../src/model/asset.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Presence } from "../../src/model/listing.ts";
import type { CheckpointLease, CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import type { FileSystem } from "../../src/ports/file-system.ts";
import type { Source } from "../../src/ports/source.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { Observed, Target, WriteResult } from "../../src/ports/target.ts";
import { fingerprintOf, type SimCatalog, type SimTable } from "./sim-target.ts";

/**
 * A protocol bug, seeded by wrapping a port of the real engine: the engine itself stays as it is. Each must be found by the simulator,
 * or the simulator proves nothing about that rule.
 */
export interface Mutant {
  readonly name: string;
  readonly source?: (source: Source) => Source;
  readonly target?: (target: Target, catalog: SimCatalog) => Target;
  readonly store?: (store: CheckpointStore) => CheckpointStore;
  readonly spool?: (spool: Spool) => Spool;
  /** The json store's files. */
  readonly files?: (files: FileSystem) => FileSystem;
  /** Takes hundreds of lives to be found: only tried with `EVERY_MUTANT=1`. */
  readonly isRare?: true;
  /** The store lets a holder write whose lease was taken over. */
  readonly noFence?: true;
}

const onLease =
  (change: (lease: CheckpointLease) => Partial<CheckpointLease>): NonNullable<Mutant["store"]> =>
  (store) => ({
    ...store,
    acquire: async () => {
      const lease = await store.acquire();
      return { ...lease, ...change(lease), [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() };
    },
  });

const onPut =
  (change: (result: WriteResult) => WriteResult): NonNullable<Mutant["target"]> =>
  (target) => ({ ...target, put: async (request, options) => change(await target.put(request, options)) });

const applied = (asset: Asset, ref: string): WriteResult => ({
  status: "applied",
  acknowledged: {
    ref,
    revision: "0",
    document: { asset: null, note: "", mark: null, asset_id: asset.id, tombstone: null, revision: 0 },
    fingerprint: fingerprintOf(asset),
    mapping: "simulated-1",
  },
  decisions: [],
  kept: [],
  withheld: [],
});

const onObserved =
  (change: (observed: Observed) => Observed): NonNullable<Mutant["target"]> =>
  (target) => ({
    ...target,
    observe: async (refs, options) => new Map([...(await target.observe(refs, options))].map(([ref, observed]) => [ref, change(observed)])),
  });

const onConfirm =
  (change: (presence: Presence) => Presence): NonNullable<Mutant["source"]> =>
  (source) => ({
    ...source,
    confirm: async (ids, options) => new Map([...(await source.confirm(ids, options))].map(([id, presence]) => [id, change(presence)])),
  });

/** The seeded protocol bugs. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "the checkpoint is stored before the target is written",
    store: onLease((lease) => ({
      intend: async (intents) => {
        const given = await lease.intend(intents);
        await lease.record(
          given.flatMap(({ asset_id, pending, ref, fingerprint }) =>
            pending === null
              ? []
              : [
                  {
                    seq: null,
                    asset_id,
                    checkpoint: { ...pending, target: { ref, revision: "0", document: null, fingerprint, mapping: "simulated-1" } },
                  },
                ],
          ),
        );
        return given;
      },
    })),
  },
  {
    name: "intents are not kept",
    store: onLease(() => ({ intend: async (intents) => intents.map((intent, seq) => ({ ...intent, seq: -1 - seq })) })),
  },
  {
    name: "an intent whose effect is not to be seen is dropped at once",
    store: onLease((lease) => ({
      keep: (intents) => lease.record(intents.map(({ seq, asset_id }) => ({ seq, asset_id, checkpoint: undefined }))),
    })),
  },
  {
    name: "an unknown outcome counts as applied",
    target: (target) => ({
      ...target,
      put: async (request, options) => {
        const result = await target.put(request, options);
        return result.status === "unknown" ? applied(request.asset, target.place(request.asset.id).key) : result;
      },
    }),
  },
  {
    name: "an unknown outcome counts as refused",
    target: onPut((result) => (result.status === "unknown" ? { status: "refused", again: false, problem: result.problem } : result)),
  },
  {
    name: "a refusal counts as applied",
    target: (target) => ({
      ...target,
      put: async (request, options) => {
        const result = await target.put(request, options);
        return result.status === "refused" ? applied(request.asset, target.place(request.asset.id).key) : result;
      },
    }),
  },
  {
    name: "writes do not compare the revision",
    target: (target, catalog) => {
      const write = catalog.write.bind(catalog);
      catalog.write = (ref, _expected, table) => write(ref, catalog.tables.get(ref)?.revision ?? null, table);
      return target;
    },
  },
  {
    name: "only the first differing facet is written, and all hashes are stored",
    target: (target) => ({
      ...target,
      put: async (request, options) => {
        const before = (request.base?.document as unknown as SimTable | undefined)?.asset;
        const [first] = request.change.facets;
        const asset = before == null || first === undefined ? request.asset : { ...before, [first]: request.asset[first] };
        const result = await target.put({ ...request, asset }, options);
        if (result.status !== "applied" || result.acknowledged === null) return result;
        return { ...result, acknowledged: { ...result.acknowledged, fingerprint: fingerprintOf(asset) } };
      },
    }),
  },
  {
    name: "an incomplete listing counts as complete",
    source: (source) => ({
      ...source,
      list: async function* (options) {
        for await (const event of source.list(options))
          yield event.kind === "certificate"
            ? { kind: "certificate", certificate: { scope: event.certificate.scope, count: event.certificate.count, complete: true } }
            : event;
      },
      confirm: async (ids: readonly AssetId[]) => new Map(ids.map((id) => [id, "gone" as const])),
    }),
  },
  {
    name: "a deletion is not confirmed by a read",
    source: (source) => ({ ...source, confirm: async (ids) => new Map(ids.map((id) => [id, "gone" as const])) }),
  },
  { name: "a failed confirmation counts as gone, and so does a found one", source: onConfirm(() => "gone") },
  {
    name: "an empty answer of the state is a fresh start",
    store: onLease((lease) => ({
      head: async () => null,
      entries: async function* () {},
      get: async () => new Map(),
      count: async () => 0,
      spaces: async () => [],
      begin: async (head) => ({ ...(await lease.begin(head)) }),
    })),
    target: (target) => ({ ...target, scan: async function* () {} }),
  },
  {
    name: "checkpoints are dropped by age",
    store: onLease((lease) => ({
      commit: async (commit) => {
        const head = await lease.commit(commit);
        if (head.generation % 2 === 0)
          for await (const page of lease.entries())
            await lease.record(page.map(({ asset_id }) => ({ seq: null, asset_id, checkpoint: null })));
        return head;
      },
    })),
  },
  {
    name: "the target is not scanned for orphans after an unclean end",
    target: (target) => ({ ...target, scan: async function* () {} }),
    store: onLease((lease) => ({
      keep: (intents) => lease.record(intents.map(({ seq, asset_id }) => ({ seq, asset_id, checkpoint: undefined }))),
    })),
  },
  { name: "two holders of the lease both commit: no fence", noFence: true },
  {
    name: "access denied counts as absent",
    target: onObserved((observed) => (observed.state === "unknown" ? { state: "absent", ref: observed.ref } : observed)),
  },
  {
    name: "an intent is adopted without comparing what stands there",
    store: onLease((lease) => ({ intents: async () => (await lease.intents()).map((intent) => ({ ...intent, fingerprint: "any" })) })),
    target: onObserved((observed) =>
      observed.state === "present" && observed.mark !== null
        ? { ...observed, fingerprint: "any", mark: { ...observed.mark, fingerprint: "any" } }
        : observed,
    ),
  },
  {
    name: "a table is removed without looking at its mark",
    target: (target, catalog) => ({
      ...target,
      remove: async ({ ref }) => {
        catalog.remove(ref);
        return { status: "applied", acknowledged: null, decisions: [], kept: [], withheld: [] };
      },
      mark: async () => ({ status: "applied", acknowledged: null, decisions: [], kept: [], withheld: [] }),
    }),
    source: onConfirm(() => "gone"),
  },
  {
    name: "a reappearing asset keeps its deletion mark",
    target: (target, catalog) => {
      const write = catalog.write.bind(catalog);
      catalog.write = (ref, expected, table) =>
        write(ref, expected, { ...table, tombstone: table.tombstone ?? catalog.tables.get(ref)?.tombstone ?? null });
      return target;
    },
  },
  {
    name: "the checkpoint of a deletion goes when it is marked, not when it is removed",
    store: onLease((lease) => ({
      record: (outcomes) =>
        lease.record(outcomes.map((outcome) => (outcome.checkpoint?.tombstone == null ? outcome : { ...outcome, checkpoint: null }))),
    })),
    target: (target) => ({
      ...target,
      remove: async () => ({ status: "refused", again: false, problem: { code: "write_failed", message: "Not now." } }),
    }),
  },
  {
    name: "the source's token is stored before its asset is applied",
    store: onLease((lease) => ({
      intend: async (intents) => {
        const known = await lease.get(intents.map(({ asset_id }) => asset_id));
        const moved = intents.flatMap(({ asset_id, pending }) =>
          pending === null || !known.has(asset_id)
            ? []
            : [{ asset_id, entry: { raw: pending.raw, fingerprint: pending.fingerprint, mapping: "simulated-1" } }],
        );
        await lease.refresh(moved);
        return lease.intend(intents);
      },
    })),
  },
  {
    name: "a catalog that was at rest is at rest, whatever was written since",
    store: onLease((lease) => ({
      memory: async (key) => {
        const value = await lease.memory(key);
        const now = await lease.head();
        return key === AT_REST_KEY && value !== undefined ? { ...(value as JsonObject), generation: now?.generation ?? 0 } : value;
      },
    })),
  },
  {
    name: "a duplicate in a listing is passed over, and nothing is confirmed",
    spool: (spool) => ({
      ...spool,
      sum: async () => ({ ...(await spool.sum()), repeated: new Map() }),
    }),
    source: onConfirm(() => "gone"),
  },
  {
    name: "foreign tables are taken for ours",
    target: (target, catalog) => {
      const write = catalog.write.bind(catalog);
      return {
        ...target,
        put: async (request, options) => {
          const ref = target.place(request.asset.id).key;
          const live = catalog.tables.get(ref);
          if (live !== undefined && live.mark === null)
            write(ref, live.revision, {
              asset: request.asset,
              note: live.note,
              mark: request.mark,
              asset_id: request.asset.id,
              tombstone: null,
            });
          return target.put(request, options);
        },
      };
    },
  },
  {
    name: "what people typed is overwritten",
    target: (target, catalog) => {
      const write = catalog.write.bind(catalog);
      catalog.write = (ref, expected, table) => write(ref, expected, { ...table, note: "" });
      return target;
    },
  },
  {
    name: "a failed write is recorded as done",
    store: onLease((lease) => ({
      record: (outcomes) =>
        lease.record(outcomes.map((outcome) => (outcome.history?.outcome === "failed" ? { ...outcome, checkpoint: null } : outcome))),
    })),
  },
];
