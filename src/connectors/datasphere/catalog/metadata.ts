import type { CallOptions } from "../../../ports/call.ts";
import { readEdmx } from "../edmx/read-edmx.ts";
import type { Edmx } from "../edmx/edmx.ts";
import type { EdmxMode } from "../edmx/to-definition.ts";
import { wordsOf } from "../server-words.ts";
import { TenantError, type TenantHttp, type TenantReply } from "../tenant-http.ts";
import { type Generation, GENERATIONS, isUnknownPath, otherGeneration } from "./generations.ts";

/** Where the documents of an asset are. */
export interface AssetAddress {
  readonly space: string;
  readonly name: string;
  readonly mode: EdmxMode;
  /** The generation of paths that the catalog names for it. */
  readonly generation: Generation;
}

/** What a read of `$metadata` came to. `absent` says that the asset is not exposed in this mode, and nothing of whether it exists. */
export type MetadataReply =
  | { readonly kind: "document"; readonly edmx: Edmx; /** A tag that promises the same bytes, or null. */ readonly etag: string | null }
  | { readonly kind: "unchanged" }
  | { readonly kind: "absent"; readonly why: string };

const LARGEST_DOCUMENT = 32 * 1024 * 1024;

/**
 * Reads the `$metadata` of an asset; with the `known` tag of an earlier answer only if it changed.
 *
 * Throws `TenantError` where there is no answer to believe, and `AssetError` for a document that is damaged (see `parseXml`).
 */
export async function readMetadata(
  http: TenantHttp,
  asset: AssetAddress,
  { signal, known }: CallOptions & { readonly known?: string | undefined },
): Promise<MetadataReply> {
  const request = { accept: "application/xml", max_bytes: LARGEST_DOCUMENT, ...(known === undefined ? {} : { if_none_match: known }) };
  const reply = await answered(asset, (path) => http.get({ url: `${path}/$metadata`, ...request }, { signal }));
  if (reply.status === 304) return { kind: "unchanged" };
  if (isUnknownPath(reply.status)) return { kind: "absent", why: wordsOf(reply) };
  requireOk(reply);
  return { kind: "document", edmx: readEdmx(reply.body), etag: strongTag(reply.headers.get("etag")) };
}

/** The answer at the path that the catalog names, or at that of the other generation where the tenant does not know it. */
async function answered(asset: AssetAddress, get: (path: string) => Promise<TenantReply>): Promise<TenantReply> {
  const reply = await get(pathOf(asset));
  if (!isUnknownPath(reply.status)) return reply;
  const other = await get(pathOf({ ...asset, generation: otherGeneration(asset.generation) }));
  return other.status === 200 || other.status === 304 ? other : reply;
}

function pathOf({ space, name, mode, generation }: AssetAddress): string {
  return `${GENERATIONS[generation].consumption}/${mode}/${encodeURIComponent(space)}/${encodeURIComponent(name)}`;
}

function requireOk(reply: TenantReply): void {
  if (reply.status === 200) return;
  throw new TenantError(reply.status === 403 ? "forbidden" : "unavailable", `it answers ${wordsOf(reply)}`);
}

function strongTag(tag: string | undefined): string | null {
  return tag !== undefined && /^"[\x21\x23-\x7e]{1,256}"$/.test(tag) ? tag : null;
}
