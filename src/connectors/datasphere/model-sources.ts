import { hash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import { type AssetId, spaceOf, technicalNameOf } from "../../model/asset.ts";
import { AssetError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { CallOptions } from "../../ports/call.ts";
import { columnTypes } from "./analytic-model.ts";
import type { Definitions } from "./definitions.ts";
import type { ListedIndex } from "./listed-index.ts";
import type { ModelMemory, ModelOrigin } from "./model-memory.ts";
import type { AssetSegment } from "./object-types.ts";
import type { DefinitionReply, ObjectAddress } from "./read-definition.ts";
import { TenantError } from "./tenant-http.ts";

/** The types of columns, by their names. */
export type ColumnTypes = ReadonlyMap<string, JsonObject>;

/** What a model's sources tell of its columns. */
export interface ModelTypes {
  /** By the model's own names; without those that their source does not have. */
  readonly types: ColumnTypes;
  /** Each source could be read: then no type changes, nor comes, but with what is read of them. */
  readonly isWhole: boolean;
}

// What was read for a model waits so long for whoever reads it as an asset of its own, and its types for other models.
const MOST_READ = 256;
const MOST_TYPES = 5_000;
const SEGMENTS: readonly AssetSegment[] = ["views", "localtables", "remotetables"];

/** The facts and dimensions of analytic models: each is read at most once a run, and not at all where it is known from the last. */
export class ModelSources {
  readonly #definitions: Definitions;
  readonly #index: ListedIndex;
  readonly #memory: ModelMemory;
  /** Null for a source that cannot be read. */
  readonly #types = new Map<AssetId, Promise<ColumnTypes | null>>();
  readonly #unclaimed = new Map<AssetId, { readonly reply: DefinitionReply; readonly known: string | undefined }>();

  constructor(definitions: Definitions, index: ListedIndex, memory: ModelMemory) {
    this.#definitions = definitions;
    this.#index = index;
    this.#memory = memory;
  }

  async typesOf(origins: readonly ModelOrigin[], options: CallOptions): Promise<ModelTypes> {
    const types = new Map<string, JsonObject>();
    let isWhole = true;
    for (const { element, source, column } of origins) {
      const columns = await this.#source(source, options);
      const type = columns?.get(column);
      if (type !== undefined) types.set(element, type);
      isWhole &&= columns !== null;
    }
    return { types, isWhole };
  }

  /** Notes what an asset that was read tells of its types. */
  saw(id: AssetId, { loaded, token }: Extract<DefinitionReply, { readonly kind: "definition" }>): void {
    const types = columnTypes(loaded.definition);
    if (token !== null && this.#memory.isSource(id)) this.#memory.keepTypes(id, token, types);
    this.#keep(id, Promise.resolve(types));
  }

  /** Notes that an asset is what it was when it had this token. */
  sawUnchanged(id: AssetId, token: string): void {
    const types = this.#memory.typesAt(id, token);
    if (types !== null) this.#keep(id, Promise.resolve(types));
  }

  /** What was read of an asset for a model's sake and is not told of yet, as far as it answers whoever knows this token. */
  claim(id: AssetId, known: string | undefined): DefinitionReply | null {
    const read = this.#unclaimed.get(id);
    this.#unclaimed.delete(id);
    return read === undefined || (read.reply.kind === "unchanged" && read.known !== known) ? null : read.reply;
  }

  #source(id: AssetId, options: CallOptions): Promise<ColumnTypes | null> {
    const token = this.#index.get(id)?.token ?? null;
    const known = token === null ? null : this.#memory.typesAt(id, token);
    if (known !== null) return Promise.resolve(known);
    const reading = this.#types.get(id) ?? this.#begin(id, options);
    if (token === null) return reading;
    return reading.then((types) => {
      if (types !== null) this.#memory.keepTypes(id, token, types);
      return types;
    });
  }

  // What fails is tried again by the next who asks.
  #begin(id: AssetId, options: CallOptions): Promise<ColumnTypes | null> {
    const reading = this.#read(id, options);
    this.#keep(id, reading);
    reading.catch(() => this.#types.delete(id));
    return reading;
  }

  #keep(id: AssetId, types: Promise<ColumnTypes | null>): void {
    this.#types.delete(id);
    this.#types.set(id, types);
    for (const oldest of this.#types.keys()) {
      if (this.#types.size <= MOST_TYPES) break;
      this.#types.delete(oldest);
    }
  }

  async #read(id: AssetId, options: CallOptions): Promise<ColumnTypes | null> {
    const listed = this.#index.get(id);
    for (const segment of listed === null ? SEGMENTS : [listed.segment]) {
      const known = this.#memory.tokenOf(id);
      const reply = await this.#at({ space: spaceOf(id), segment, name: technicalNameOf(id) }, options, known);
      if (reply === null || reply.kind === "absent") continue;
      if (listed !== null && this.#unclaimed.size < MOST_READ) this.#unclaimed.set(id, { reply, known });
      const types = reply.kind === "unchanged" ? this.#memory.typesAt(id, known ?? "") : columnTypes(reply.loaded.definition);
      if (reply.kind === "definition" && reply.token !== null)
        this.#memory.keepTypes(id, reply.token, columnTypes(reply.loaded.definition));
      return types;
    }
    return null;
  }

  // A model whose source cannot be read is still a model: its columns stay without types, as the tenant tells them.
  async #at(address: ObjectAddress, options: CallOptions, known: string | undefined): Promise<DefinitionReply | null> {
    try {
      return await this.#definitions.read(address, options, known);
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof AssetError || (error instanceof TenantError && error.kind === "forbidden")) return null;
      throw error;
    }
  }
}

/** The token of a model whose own definition has the token `own`, with these types. */
export function modelToken(own: string, types: ColumnTypes): string {
  return `${own};types:${hash("sha256", canonicalText(Object.fromEntries(types)))}`;
}
