import type { Asset } from "../../model/asset.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import { type AssetDocument, toDocument } from "../../model/document.ts";
import type { Problem } from "../../model/errors.ts";
import { toPatch } from "../../model/patch.ts";
import type { Meter } from "../../ports/meter.ts";
import type { Observed, PutRequest, Target, WriteResult } from "../../ports/target.ts";
import type { Feed } from "./feed.ts";
import { FeedFile } from "./feed-file.ts";
import { FeedStream } from "./feed-stream.ts";
import { documentFingerprint, type FeedRecord, FORMAT_VERSION, recordKey, toLine } from "./record.ts";

export interface ChangefeedOptions {
  /** The file that the feed is appended to, created when it is first written; `-` for standard output. */
  readonly path: string;
  readonly meter: Meter;
}

/** What an asset becomes in the feed. */
interface Become {
  readonly document: AssetDocument;
  readonly fingerprint: string;
}

/** Version of the document shape and of how a record is made of it. */
const MAPPING = "changefeed-1";

/**
 * A target that is a feed of changes: one line of JSON for each, with an RFC 6902 patch from the document last written to the new one.
 * People read it to keep systems of their own in step.
 *
 * It is append-only, so nothing in it can be looked at, merged or marked: a write whose outcome nobody knows is written once more, whole.
 */
export function changefeedTarget({ path, meter }: ChangefeedOptions): Target {
  const feed: Feed = path === "-" ? new FeedStream(process.stdout) : new FeedFile(path);
  // What an asset becomes is asked for by its intent and again by its write.
  const known = new WeakMap<Asset, Become>();

  function become(asset: Asset): Become {
    const before = known.get(asset);
    if (before !== undefined) return before;
    const document = toDocument(asset);
    const now = { document, fingerprint: documentFingerprint(document) };
    known.set(asset, now);
    return now;
  }

  function patchFor({ asset, base }: PutRequest): FeedRecord["patch"] {
    const { document } = become(asset);
    // Without a base nobody knows what the reader holds: the whole document replaces it, whatever it was.
    return base === null ? [{ op: "add", path: "", value: document }] : toPatch(base.document as unknown as AssetDocument, document);
  }

  async function append(record: FeedRecord): Promise<void> {
    const line = toLine(record);
    await feed.append(line);
    meter.count({ requests: 1, bytes: { sent: Buffer.byteLength(line), received: 0 } });
  }

  return {
    supports: { observe: false, tombstones: false },
    mapping: MAPPING,
    scope: { type: "changefeed" },
    place: (id) => ({ key: id, warnings: [] }),
    project(asset) {
      // Of an asset whose facets differ nobody asks what it becomes before it is written.
      return {
        ok: true,
        ref: { key: asset.id, warnings: [] },
        warnings: [],
        get document() {
          return become(asset).document;
        },
        get fingerprint() {
          return become(asset).fingerprint;
        },
      };
    },
    observe: async (refs) => new Map(refs.map((ref): [string, Observed] => [ref, { state: "unknown", ref, problem: cannotBeRead(path) }])),
    scan: async function* () {},
    restore: () => null,
    drift: () => [],
    preview: (request) => ({ writes: patchFor(request).length > 0, kept: [], withheld: [] }),
    async put(request) {
      const { mark, change, asset, base } = request;
      const patch = patchFor(request);
      if (patch.length === 0 && base !== null) return applied({ ...base, mapping: MAPPING });
      const { document, fingerprint } = become(asset);
      const previous = base?.revision ?? null;
      const key = recordKey(previous, asset.id, fingerprint);
      const { change_type, facets, strategy } = change;
      await append({
        format_version: FORMAT_VERSION,
        key,
        previous,
        pipeline: mark.pipeline,
        asset_id: asset.id,
        change_type,
        facets,
        strategy,
        patch,
      });
      return applied({ ref: asset.id, revision: key, document, fingerprint, mapping: MAPPING });
    },
    // Never asked for: deletions here have one phase.
    mark: async ({ base }) => applied(base),
    async remove({ mark, asset_id, base }) {
      const previous = base?.revision ?? null;
      const key = recordKey(previous, asset_id, null);
      await append({
        format_version: FORMAT_VERSION,
        key,
        previous,
        pipeline: mark.pipeline,
        asset_id,
        change_type: "deleted",
        facets: [],
        strategy: "deletion",
        patch: [{ op: "remove", path: "" }],
      });
      return applied(null);
    },
    close: () => feed.close(),
  };
}

function applied(acknowledged: Acknowledged | null): WriteResult {
  return { status: "applied", acknowledged, decisions: [], kept: [], withheld: [] };
}

function cannotBeRead(path: string): Problem {
  return { code: "outcome_unknown", message: `The change feed ${path} is only written, so what its readers hold cannot be read back.` };
}
