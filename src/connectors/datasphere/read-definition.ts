import { MAX_DEPTH } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { CallOptions } from "../../ports/call.ts";
import { CORE } from "./capabilities.ts";
import { jsonOf } from "./json-body.ts";
import type { AssetSegment, ListedSegment } from "./object-types.ts";
import { wordsOf } from "./server-words.ts";
import { TenantError, type TenantHttp, type TenantReply } from "./tenant-http.ts";

/** Which state of an object is an asset: what is deployed, or what was saved last. */
export type DefinitionState = "deployed" | "saved";

/** One object's definition. */
export interface LoadedDefinition {
  readonly definition: JsonObject;
  /** Of analytic models: the entry of the same name in `businessLayerDefinitions`. */
  readonly businessLayer?: Json;
}

/** What a read came to: a definition, the word that the one with the known token still holds, or that there is none. */
export type DefinitionReply =
  | {
      readonly kind: "definition";
      readonly loaded: LoadedDefinition;
      /** An equal one proves an equal definition. */ readonly token: string | null;
    }
  | { readonly kind: "unchanged" }
  | { readonly kind: "absent"; readonly why: string };

export interface ObjectAddress {
  readonly space: string;
  readonly segment: AssetSegment;
  readonly name: string;
}

const CONTENT = "application/vnd.sap.datasphere.object.content";
/** By preference: run time is the deployed state alone, the other its default spelling. */
const MEDIA_TYPES: { readonly [S in DefinitionState]: readonly string[] } = {
  deployed: [`${CONTENT}.run-time+json`, `${CONTENT}+json`],
  saved: [`${CONTENT}.design-time+json`],
};
// A definition stands two levels deep in its document.
const MAX_DOCUMENT_DEPTH = MAX_DEPTH + 2;

/**
 * Reads one object. With the `known` token of an earlier answer that was an entity tag, the tenant is asked for it only if it changed.
 *
 * Throws {@link TenantError} where there is no answer to believe, and `AssetError` for one that holds no definition of that name.
 */
export async function readDefinition(
  http: TenantHttp,
  { space, segment, name }: ObjectAddress,
  state: DefinitionState,
  options: CallOptions,
  known?: string,
): Promise<DefinitionReply> {
  const reply = await readDocument(http, { space, segment, name }, state, options, known);
  return reply.kind === "document" ? { kind: "definition", loaded: definitionIn(reply.document, name), token: reply.token } : reply;
}

/** What a read of any object came to. */
export type DocumentReply =
  | { readonly kind: "document"; readonly document: Json; readonly token: string | null }
  | Exclude<DefinitionReply, { readonly kind: "definition" }>;

/** Reads one object of any type, its document as it stands. See {@link readDefinition}. */
export async function readDocument(
  http: TenantHttp,
  { space, segment, name }: { readonly space: string; readonly segment: ListedSegment; readonly name: string },
  state: DefinitionState,
  options: CallOptions,
  known?: string,
): Promise<DocumentReply> {
  const url = `${CORE}/spaces/${encodeURIComponent(space)}/${segment}/${encodeURIComponent(name)}`;
  const tag = known?.startsWith(ETAG) === true ? known.slice(ETAG.length) : undefined;
  for (const accept of MEDIA_TYPES[state]) {
    const reply = await http.get({ url, accept, ...(tag === undefined ? {} : { if_none_match: tag }) }, options);
    switch (reply.status) {
      case 200:
        return { kind: "document", document: jsonOf(reply, MAX_DOCUMENT_DEPTH), token: tokenOf(reply) };
      case 304:
        return { kind: "unchanged" };
      case 404:
        return { kind: "absent", why: wordsOf(reply) };
      case 403:
        throw new TenantError("forbidden", `it refuses the technical user: ${wordsOf(reply)}`);
      case 406:
        continue;
      default:
        throw new TenantError("unavailable", `it answers ${wordsOf(reply)}`);
    }
  }
  throw new TenantError("unavailable", `it offers no ${state} definitions (status 406)`);
}

/** The definition of that name in a CSN document: nothing else in it is believed. */
export function definitionIn(document: Json, name: string): LoadedDefinition {
  const definition = own(own(document, "definitions"), name);
  if (!isJsonObject(definition)) throw new AssetError("asset_unreadable", "the answer holds no definition of that name");
  const layer = own(own(document, "businessLayerDefinitions"), name);
  return { definition, ...(layer === undefined ? {} : { businessLayer: layer }) };
}

const ETAG = "etag:";

// Only a strong tag promises the same bytes.
function tokenOf({ headers }: TenantReply): string | null {
  const tag = headers.get("etag");
  return tag !== undefined && /^"[\x21\x23-\x7e]{1,256}"$/.test(tag) ? `${ETAG}${tag}` : null;
}

function own(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
