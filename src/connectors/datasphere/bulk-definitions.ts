import { afterSpace, type Member, membersAt } from "../../csn/json-frame.ts";
import { MAX_DEPTH } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { JsonSyntaxError } from "../../model/json-reader.ts";
import { parseJson } from "../../model/parse-json.ts";
import type { CallOptions } from "../../ports/call.ts";
import { wordsOf } from "./server-words.ts";
import { TenantError, type TenantHttp } from "./tenant-http.ts";

const LARGEST = 64 * 1024 * 1024;

/**
 * The definitions of all tables and views of a space, in one read. Throws {@link TenantError} where the tenant has no such answer to
 * believe, {@link BulkRefused} where it will not have one later either.
 */
export async function readBulk(http: TenantHttp, path: string, space: string, options: CallOptions): Promise<BulkDefinitions> {
  const url = `${path}?space=${encodeURIComponent(space)}&definitions=true`;
  const reply = await http.get({ url, accept: "application/json", max_bytes: LARGEST }, options);
  if (reply.status !== 200) throw new BulkRefused(`it answers ${wordsOf(reply)}`);
  try {
    return new BulkDefinitions(Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.byteLength), space);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new TenantError("unreadable", `its answer is no JSON: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The tenant decided that it does not read spaces at once, for anybody or for us. */
export class BulkRefused extends TenantError {
  constructor(message: string) {
    super("unavailable", message);
    this.name = "BulkRefused";
  }
}

/** A bulk answer as it came, of which each definition is parsed when it is asked for. */
export class BulkDefinitions {
  readonly #bytes: Buffer;
  readonly #places: ReadonlyMap<string, Member>;

  /** Throws `JsonSyntaxError` for what is no JSON around the definitions, and {@link TenantError} for what is not of their form. */
  constructor(bytes: Buffer, space: string) {
    this.#bytes = bytes;
    const text = bytes.toString("latin1");
    const { members, end } = object(text, afterSpace(text, 0));
    if (text.slice(end).trim() !== "") throw new JsonSyntaxError(text, end, "nothing more");
    const ofSpace = named(bytes, members).get(space);
    const definitions = ofSpace === undefined ? undefined : named(bytes, object(text, ofSpace.start).members).get("definitions");
    if (definitions === undefined) throw new TenantError("unreadable", `its answer has no definitions of ${space}`);
    this.#places = named(bytes, object(text, definitions.start).members);
  }

  /** The definition of that name; null where the answer has none. Throws `AssetError`. */
  get(name: string): JsonObject | null {
    const place = this.#places.get(name);
    if (place === undefined) return null;
    const definition = parseJson(this.#bytes.toString("utf8", place.start, place.end), { maxDepth: MAX_DEPTH });
    if (!isJsonObject(definition)) throw new AssetError("asset_unreadable", "its definition is no object");
    return definition;
  }
}

function object(text: string, start: number): ReturnType<typeof membersAt> {
  if (text[start] !== "{") throw new TenantError("unreadable", "its answer is JSON of another form than expected");
  return membersAt(text, start);
}

function named(bytes: Buffer, members: readonly Member[]): ReadonlyMap<string, Member> {
  return new Map(members.map((member) => [JSON.parse(bytes.toString("utf8", member.keyStart, member.keyEnd)) as string, member]));
}
