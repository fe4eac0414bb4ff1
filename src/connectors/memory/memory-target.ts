import { isDeepStrictEqual } from "node:util";
import type { AssetId } from "../../model/asset.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import { toDocument } from "../../model/document.ts";
import type { Json } from "../../model/json.ts";
import type { Meter } from "../../ports/meter.ts";
import type { DeleteRequest, Observed, OwnerMark, PutRequest, Target, WriteResult } from "../../ports/target.ts";
import { MemoryCatalog, type MemoryTable } from "./memory-catalog.ts";
import { memoryDrift } from "./memory-drift.ts";
import { fingerprintOf, mergeMemoryTable } from "./merge-memory-table.ts";

export interface MemoryTargetOptions {
  /** Shared by those that write into the same catalog. Default: a new one. */
  readonly catalog?: MemoryCatalog;
  readonly meter?: Meter;
  /** Where an asset stands. Default: under its id. */
  readonly placeOf?: (id: AssetId) => string;
}

type Present = Extract<Observed, { state: "present" }>;

const MAPPING = "memory-1";

/** A target that keeps its tables in memory, with all that a catalog has: foreign tables, people's texts, compare-and-set, tombstones. */
export function createMemoryTarget(options: MemoryTargetOptions = {}): Target {
  const { catalog = new MemoryCatalog(), meter, placeOf = (id) => id } = options;

  function exchange(sent: unknown, received: unknown): void {
    meter?.count({ requests: 1, bytes: { sent: sizeOf(sent), received: sizeOf(received) } });
  }

  function read(place: string): Observed {
    const found = catalog.read(place);
    exchange(place, found);
    return found === null ? { state: "absent", ref: place } : present(place, found.revision, found.table);
  }

  function write(place: string, expected: string | null, table: MemoryTable): string | null {
    const revision = catalog.write(place, expected, table);
    exchange(table, revision);
    return revision;
  }

  function put(request: PutRequest): WriteResult {
    const place = placeOf(request.asset.id);
    const { base, observed } = request;
    let standing: Observed =
      observed?.ref === place && observed.state !== "unknown"
        ? observed
        : base?.ref === place
          ? assumed(base)
          : { state: "absent", ref: place };
    for (;;) {
      const foreign = standing.state === "present" ? foreignness(standing, request.mark, request.asset.id, request.adopt) : null;
      if (foreign !== null)
        return { status: "withheld", withheld: { asset_id: request.asset.id, change_type: request.change.change_type, because: foreign } };
      const { table, kept } = mergeMemoryTable(request, standing.state === "present" ? tableIn(standing.document) : null);
      const expected = standing.state === "present" ? standing.revision : null;
      const isWritten = standing.state === "present" && isDeepStrictEqual(table, tableIn(standing.document));
      const revision = isWritten ? expected : write(place, expected, table);
      if (revision !== null)
        return { status: "applied", acknowledged: acknowledged(place, revision, table), decisions: [], kept, withheld: [] };
      standing = read(place);
    }
  }

  function mark({ ref, asset_id, mark: owner, generation }: DeleteRequest): WriteResult {
    for (;;) {
      const standing = read(ref);
      const answer = notToDelete(standing, owner, asset_id);
      if (answer !== null) return answer;
      const { revision, document } = standing as Present;
      const table = tableIn(document);
      if (table.mark?.tombstone != null) return done(acknowledged(ref, revision, table));
      const marked = { ...table, mark: table.mark && { ...table.mark, tombstone: generation } };
      const next = write(ref, revision, marked);
      if (next !== null) return done(acknowledged(ref, next, marked));
    }
  }

  function remove({ ref, asset_id, mark: owner }: DeleteRequest): WriteResult {
    const standing = read(ref);
    const answer = notToDelete(standing, owner, asset_id);
    if (answer !== null) return answer;
    if ((standing as Present).mark?.tombstone == null) {
      return {
        status: "refused",
        again: false,
        problem: { asset_id, code: "write_failed", message: `${asset_id} was not removed: its table no longer bears the deletion mark.` },
      };
    }
    catalog.remove(ref);
    exchange(ref, null);
    return done(null);
  }

  return {
    supports: { observe: true, tombstones: true },
    mapping: MAPPING,
    scope: { type: "memory" },
    place: (id) => ({ key: placeOf(id), warnings: [] }),
    project: (asset) => ({
      ok: true,
      ref: { key: placeOf(asset.id), warnings: [] },
      document: toDocument(asset) as unknown as Json,
      fingerprint: fingerprintOf(asset),
      warnings: [],
    }),
    observe: async (refs, { signal }) => {
      signal.throwIfAborted();
      return new Map(refs.map((ref) => [ref, read(ref)]));
    },
    scan: async function* (pipeline) {
      const tables = catalog.places().map((place) => read(place) as Present);
      for (let at = 0; at < tables.length; at += 100) yield tables.slice(at, at + 100).filter((table) => table.mark?.pipeline === pipeline);
    },
    restore: (document) => tableIn(document).asset,
    drift: (recorded, observed) => memoryDrift(tableIn(recorded.document), tableIn(observed.document)),
    preview(request) {
      const { base, observed, asset, change } = request;
      const standing = observed ?? (base === null ? null : assumed(base));
      if (standing?.state !== "present") return { writes: true, kept: [], withheld: [] };
      const foreign = foreignness(standing, request.mark, asset.id, request.adopt);
      if (foreign !== null)
        return { writes: false, kept: [], withheld: [{ asset_id: asset.id, change_type: change.change_type, because: foreign }] };
      const { table, kept } = mergeMemoryTable(request, tableIn(standing.document));
      return { writes: !isDeepStrictEqual(table, tableIn(standing.document)), kept, withheld: [] };
    },
    put: async (request, { signal }) => {
      signal.throwIfAborted();
      return put(request);
    },
    mark: async (request, { signal }) => {
      signal.throwIfAborted();
      return mark(request);
    },
    remove: async (request, { signal }) => {
      signal.throwIfAborted();
      return remove(request);
    },
    close: async () => undefined,
  };
}

function present(ref: string, revision: string, table: MemoryTable): Present {
  return {
    state: "present",
    ref,
    revision,
    document: table as unknown as Json,
    mark: table.mark,
    fingerprint: table.asset === null ? "" : fingerprintOf(table.asset),
  };
}

function assumed(base: Acknowledged): Present {
  return present(base.ref, base.revision, tableIn(base.document));
}

function tableIn(document: Json): MemoryTable {
  return document as unknown as MemoryTable;
}

function acknowledged(ref: string, revision: string, table: MemoryTable): Acknowledged {
  return { ref, revision, document: table as unknown as Json, fingerprint: table.mark?.fingerprint ?? "", mapping: MAPPING };
}

function foreignness(
  { ref, mark }: Present,
  owner: OwnerMark,
  id: AssetId,
  adopt = false,
): { readonly code: "target_foreign" | "name_collision"; readonly message: string } | null {
  if (adopt && (mark === null || (mark.pipeline === owner.pipeline && mark.lineage !== owner.lineage))) return null;
  if (mark === null || mark.pipeline !== owner.pipeline || mark.lineage !== owner.lineage) {
    return {
      code: "target_foreign",
      message: `${id} belongs at ${ref}, and there stands a table that is not this pipeline's. Take it over with \`tidemark adopt\`, or rename one of the two.`,
    };
  }
  return mark.asset_id === id
    ? null
    : { code: "name_collision", message: `${id} belongs at ${ref}, and there still stands ${mark.asset_id}.` };
}

function notToDelete(standing: Observed, owner: OwnerMark, id: AssetId): WriteResult | null {
  if (standing.state !== "present") return done(null);
  const because = foreignness(standing, owner, id);
  return because === null ? null : { status: "withheld", withheld: { asset_id: id, change_type: "deleted", because } };
}

function done(last: Acknowledged | null): WriteResult {
  return { status: "applied", acknowledged: last, decisions: [], kept: [], withheld: [] };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}
