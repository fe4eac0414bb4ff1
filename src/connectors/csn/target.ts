import { type AssetId, technicalNameOf } from "../../model/asset.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import type { Problem } from "../../model/errors.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { mergePolicies, type PolicyFor } from "../../model/merge-policy.ts";
import type { FileSystem } from "../../ports/file-system.ts";
import type { Meter } from "../../ports/meter.ts";
import type { DeleteRequest, Observed, PutRequest, Target, WriteResult } from "../../ports/target.ts";
import { documentText, exportDocument, FILE_VERSION, markIn, onlyDefinition, withTombstone } from "./export-document.ts";
import { exportDrift } from "./export-drift.ts";
import { exportFile } from "./export-file.ts";
import { ExportFolder, observedFile, type Present } from "./export-folder.ts";
import { type FileOutcome, removeFile, replaceFile } from "./file-writes.ts";
import { mergeExport } from "./merge-export.ts";
import { foreignness } from "./ownership.ts";

export interface CsnTargetOptions {
  /** The folder that the files are written to, absolute; made when the first is. */
  readonly path: string;
  readonly files: FileSystem;
  /** Counts each file that is read, written or removed as one request. */
  readonly meter: Meter;
  /** Texts whose policy is `source_wins` follow the source; every other policy keeps what people typed. */
  readonly policyFor?: PolicyFor;
}

const MAPPING = `csn-${FILE_VERSION}`;

/**
 * A folder of CSN files that Datasphere imports: a folder for each space, a file for each asset. Files that bear no mark of ours are
 * nobody's business here.
 *
 * A file is read right before it is replaced, and replaced whole. File systems do not compare and set: an edit saved in the instant
 * between the two is lost.
 */
export function createCsnTarget({ path, files, meter, policyFor = mergePolicies([]) }: CsnTargetOptions): Target {
  const folder = new ExportFolder(path, files, meter);

  async function put(request: PutRequest): Promise<WriteResult> {
    const { asset, change } = request;
    const { key: ref } = exportFile(asset.id);
    const standing = await folder.read(ref);
    if (standing.state === "unknown") return { status: "refused", again: false, problem: { ...standing.problem, asset_id: asset.id } };
    const planned = plan(request, standing, policyFor);
    if (!planned.ok)
      return { status: "withheld", withheld: { asset_id: asset.id, change_type: change.change_type, because: planned.because } };
    if (!planned.writes) return applied(acknowledged(standing as Present), planned.kept);
    return write(ref, planned.document, asset.id, planned.kept);
  }

  async function setTombstone(request: DeleteRequest): Promise<WriteResult> {
    const { asset_id, ref, generation } = request;
    const standing = await folder.read(ref);
    const answer = notToDelete(standing, request);
    if (answer !== null) return answer;
    const file = standing as Present;
    if (file.mark?.tombstone != null) return applied(acknowledged(file));
    return write(ref, withTombstone(file.document as JsonObject, generation), asset_id);
  }

  async function remove(request: DeleteRequest): Promise<WriteResult> {
    const { asset_id, ref } = request;
    const standing = await folder.read(ref);
    const answer = notToDelete(standing, request);
    if (answer !== null) return answer;
    if ((standing as Present).mark?.tombstone == null) {
      const message = `${asset_id} was not removed: ${folder.pathOf(ref)} no longer bears the deletion mark that was set on it. Run again: the asset is looked at anew.`;
      return { status: "refused", again: false, problem: { asset_id, code: "write_failed", message } };
    }
    const outcome = await removeFile(files, folder.pathOf(ref));
    if (outcome.state !== "done") return failed(outcome, `Removing ${folder.pathOf(ref)} of ${asset_id}`, asset_id);
    meter.count({ requests: 1, bytes: { sent: 0, received: 0 } });
    return applied(null);
  }

  async function write(ref: string, document: JsonObject, id: AssetId, kept: readonly Problem[] = []): Promise<WriteResult> {
    const bytes = Buffer.from(documentText(document));
    const outcome = await replaceFile(files, folder.pathOf(ref), bytes);
    if (outcome.state !== "done") return failed(outcome, `Writing ${id} to ${folder.pathOf(ref)}`, id);
    meter.count({ requests: 1, bytes: { sent: bytes.length, received: 0 } });
    return applied(acknowledged(observedFile(ref, bytes)), kept);
  }

  return {
    supports: { observe: true, tombstones: true },
    mapping: MAPPING,
    scope: { type: "csn" },
    place: exportFile,
    project(asset, mark) {
      const ref = exportFile(asset.id);
      const exported = exportDocument(asset, mark);
      if (!exported.ok) return { ok: false, ref, problem: exported.problem };
      const { document, fingerprint } = exported;
      return { ok: true, ref, document, fingerprint, warnings: ref.warnings };
    },
    async observe(refs, { signal }) {
      const found = new Map<string, Observed>();
      for (const ref of refs) {
        signal.throwIfAborted();
        found.set(ref, await folder.read(ref));
      }
      return found;
    },
    scan: (pipeline, { signal }) => folder.scan(pipeline, signal),
    restore: (document) => markIn(document as JsonObject)?.asset ?? null,
    drift: (recorded, observed) => exportDrift(recorded.document as JsonObject, observed.document as JsonObject, policyFor),
    preview(request) {
      const { asset, change, base, observed } = request;
      const planned = plan(request, observed ?? (base === null ? null : assumed(base)), policyFor);
      if (planned.ok) return { writes: planned.writes, kept: planned.kept, withheld: [] };
      return { writes: false, kept: [], withheld: [{ asset_id: asset.id, change_type: change.change_type, because: planned.because }] };
    },
    put: async (request, { signal }) => {
      signal.throwIfAborted();
      return put(request);
    },
    mark: async (request, { signal }) => {
      signal.throwIfAborted();
      return setTombstone(request);
    },
    remove: async (request, { signal }) => {
      signal.throwIfAborted();
      return remove(request);
    },
    close: () => Promise.resolve(),
  };
}

type Planned =
  | { readonly ok: true; readonly writes: boolean; readonly document: JsonObject; readonly kept: readonly Problem[] }
  | { readonly ok: false; readonly because: Pick<Problem, "code" | "message"> };

/** The file to write, given what lies there; null for what is not known. */
function plan(request: PutRequest, standing: Observed | null, policyFor: PolicyFor): Planned {
  const { asset, mark, change, repair, adopt } = request;
  const exported = exportDocument(asset, mark);
  if (!exported.ok) return { ok: false, because: { code: exported.problem.code, message: exported.problem.message } };
  if (standing?.state !== "present") return { ok: true, writes: true, document: exported.document, kept: [] };
  const theirs = standing.document as JsonObject;
  const isSameName = onlyDefinition(theirs)?.name === technicalNameOf(asset.id);
  const because = foreignness(standing, mark, asset.id, adopt === true && isSameName);
  if (because !== null) return { ok: false, because };
  const restores = repair === true || change.cause === "drift";
  const { document, kept } = mergeExport({ asset, mark, fingerprint: exported.fingerprint, theirs, restores, policyFor });
  return { ok: true, writes: documentText(document) !== documentText(theirs), document, kept };
}

/** The file as last acknowledged, which it still is while nobody else wrote. */
function assumed({ ref, revision, document, fingerprint }: Acknowledged): Present {
  return { state: "present", ref, revision, document, mark: markIn(document as JsonObject)?.mark ?? null, fingerprint };
}

/** The answer where there is nothing to delete, or nothing of ours; null for our file of that asset. */
function notToDelete(standing: Observed, { mark, asset_id }: DeleteRequest): WriteResult | null {
  if (standing.state === "absent") return applied(null);
  if (standing.state === "unknown") return { status: "refused", again: false, problem: { ...standing.problem, asset_id } };
  const because = foreignness(standing, mark, asset_id, false);
  return because === null ? null : { status: "withheld", withheld: { asset_id, change_type: "deleted", because } };
}

function acknowledged({ ref, revision, document, mark }: Present): Acknowledged {
  return { ref, revision, document: document satisfies Json, fingerprint: mark?.fingerprint ?? "", mapping: MAPPING };
}

function applied(last: Acknowledged | null, kept: readonly Problem[] = []): WriteResult {
  return { status: "applied", acknowledged: last, decisions: [], kept, withheld: [] };
}

function failed(outcome: Exclude<FileOutcome, { state: "done" }>, what: string, asset_id: AssetId): WriteResult {
  if (outcome.state === "unknown")
    return { status: "unknown", problem: { asset_id, code: "outcome_unknown", message: `${what} may not last: ${outcome.why}.` } };
  const message = `${what} failed: ${outcome.why}. Mend the folder's rights or make room, then run again.`;
  return { status: "refused", again: false, problem: { asset_id, code: "write_failed", message } };
}
