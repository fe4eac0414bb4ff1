import { AssetError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import { JsonSyntaxError } from "../model/json-reader.ts";
import { parseJson } from "../model/parse-json.ts";
import { afterSpace, type Member, membersAt } from "./json-frame.ts";
import { isAsset } from "./object-type.ts";
import { MAX_DEPTH } from "./to-asset.ts";

/** A stretch of bytes. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** Where the definition of an asset stands, and its entry among the business layers if it has one. */
export interface DefinitionPlace extends Span {
  readonly name: string;
  readonly layer?: Span;
}

/**
 * Finds the assets in the bytes of a CSN export, in their order, and keeps none of them. A name that stands twice is found twice.
 *
 * All of the export is checked to be JSON, except inside a value nested deeper than a definition may be: that is for its reader to
 * refuse, and no reason to doubt the rest. A definition that is no object is taken for an asset, so that it is refused by name.
 *
 * Throws `asset_unreadable` for what is no JSON, with line and column, and for what is JSON and no CSN. An export of flows and task chains
 * alone has no definitions, and no asset.
 */
export function findDefinitions(bytes: Buffer): readonly DefinitionPlace[] {
  return inDocument(bytes, (document) => {
    const top = document.top();
    const layers = top.has(LAYERS) ? document.named(document.members(top.get(LAYERS), LAYERS)) : new Map<string, Member>();
    const definitions = isOfFlows(top) ? [] : document.members(top.get(DEFINITIONS), DEFINITIONS);
    const rest = [...top].flatMap(([key, member]) => (key === LAYERS || key === DEFINITIONS ? [] : [member]));
    for (const member of [...rest, ...layers.values(), ...definitions]) document.check(member);
    return definitions.flatMap((member) => {
      const name = document.name(member);
      const layer = layers.get(name);
      return document.isAsset(member) ? [{ name, ...spanOf(member), ...(layer === undefined ? {} : { layer: spanOf(layer) }) }] : [];
    });
  });
}

/** What a line `{"name": …, "definition": …}` says, with the place of the definition in it. Throws as {@link findDefinitions} does. */
export function findDefinition(line: Buffer): DefinitionPlace & { readonly isAsset: boolean } {
  return inDocument(line, (document) => {
    const top = document.top();
    const [named, definition] = [top.get("name"), top.get("definition")];
    const name = named === undefined ? undefined : document.shallow(named);
    if (typeof name !== "string" || definition === undefined)
      throw new AssetError("asset_unreadable", 'it is JSON, but not of the form {"name": …, "definition": …}');
    for (const member of top.values()) document.check(member);
    return { name, ...spanOf(definition), isAsset: document.isAsset(definition) };
  });
}

/** True for an export that has flows or task chains and no definitions. Throws as {@link findDefinitions} does for what is no JSON object. */
export function holdsFlowsAlone(bytes: Buffer): boolean {
  return inDocument(bytes, (document) => isOfFlows(document.top()));
}

function isOfFlows(top: ReadonlyMap<string, Member>): boolean {
  return !top.has(DEFINITIONS) && FLOWS.some((key) => top.has(key));
}

const DEFINITIONS = "definitions";
const LAYERS = "businessLayerDefinitions";
// Each type of these stands in an export under a key of its own.
const FLOWS = ["dataflows", "replicationflows", "transformationflows", "taskchains"];

function spanOf({ start, end }: Member): Span {
  return { at: start, length: end - start };
}

/** Works on the bytes as Latin-1 text, in which offsets are those of bytes, and tells a syntax error with its place in the real text. */
function inDocument<T>(bytes: Buffer, work: (document: Document) => T): T {
  try {
    return work(new Document(bytes));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new JsonSyntaxError(bytes.toString(), bytes.toString("utf8", 0, error.offset).length, error.expected);
  }
}

class Document {
  readonly #bytes: Buffer;
  readonly #text: string;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#text = bytes.toString("latin1");
  }

  /** The members of the whole. Of a key that stands twice the last counts, as everywhere in JSON. */
  top(): ReadonlyMap<string, Member> {
    const start = afterSpace(this.#text, 0);
    if (this.#text[start] !== "{") throw new JsonSyntaxError(this.#text, start, 'the "{" of a CSN document');
    const { members, end } = membersAt(this.#text, start);
    const rest = afterSpace(this.#text, end);
    if (rest < this.#text.length) throw new JsonSyntaxError(this.#text, rest, "nothing more");
    return this.named(members);
  }

  named(members: readonly Member[]): ReadonlyMap<string, Member> {
    return new Map(members.map((member) => [this.name(member), member]));
  }

  members(member: Member | undefined, key: string): readonly Member[] {
    if (member === undefined || this.#text[member.start] !== "{")
      throw new AssetError("asset_unreadable", `it is JSON, but no CSN: it has no object "${key}"`);
    return membersAt(this.#text, member.start).members;
  }

  name({ keyStart, keyEnd }: Member): string {
    return this.#parse(keyStart, keyEnd) as string;
  }

  /** The value of a member that holds no others. */
  shallow({ start, end, depth }: Member): Json | undefined {
    return depth === 0 ? this.#parse(start, end) : undefined;
  }

  isAsset(definition: Member): boolean {
    if (this.#text[definition.start] !== "{") return true;
    const members = this.named(membersAt(this.#text, definition.start).members);
    const marks = ["kind", "@cds.persistence.exists"].flatMap((key): [string, Json][] => {
      const member = members.get(key);
      const value = member === undefined ? undefined : this.shallow(member);
      return value === undefined ? [] : [[key, value]];
    });
    return isAsset(Object.fromEntries(marks));
  }

  check({ start, end, depth }: Member): void {
    if (depth <= MAX_DEPTH) this.#parse(start, end);
  }

  #parse(start: number, end: number): Json {
    const text = this.#bytes.toString("utf8", start, end);
    try {
      return JSON.parse(text) as Json;
    } catch {
      return this.#parseByHand(text, start);
    }
  }

  /** Fails like `JSON.parse`, and knows where. */
  #parseByHand(text: string, start: number): Json {
    try {
      return parseJson(text, { exact: false });
    } catch (error) {
      // Nothing else can be wrong: what is too deep was never tried, and numbers may be of any size.
      const { offset, expected } = error as JsonSyntaxError;
      throw new JsonSyntaxError(this.#text, start + Buffer.byteLength(text.slice(0, offset)), expected);
    }
  }
}
