import type { AssetId } from "../../model/asset.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { SourceMemory } from "../../ports/source.ts";

/** A column of an analytic model, and the asset and column that it takes its type from. */
export interface ModelOrigin {
  readonly element: string;
  readonly source: AssetId;
  readonly column: string;
}

// What is beyond these is read again in every run.
const MOST_MODELS = 5_000;
const MOST_SOURCES = 20_000;

/** What analytic models were made of when their tenant's tokens were such, so that an unchanged one, or its unchanged source, need not be read. */
export class ModelMemory {
  readonly #memory: SourceMemory;
  readonly #origin: string;
  readonly #models: Map<AssetId, RememberedModel>;
  readonly #sources: Map<AssetId, RememberedSource>;
  #isChanged = false;

  /** What was remembered of another tenant, or of another state of its definitions, counts for nothing. */
  static async open(memory: SourceMemory, origin: string): Promise<ModelMemory> {
    const kept = (await memory.get(KEY)) as unknown as Kept | undefined;
    return new ModelMemory(memory, kept?.origin === origin ? kept : { origin, models: [], sources: [] });
  }

  /** One that believes nothing of what was remembered. */
  static anew(memory: SourceMemory, origin: string): ModelMemory {
    return new ModelMemory(memory, { origin, models: [], sources: [] });
  }

  /** One that remembers nothing. */
  static blank(): ModelMemory {
    return new ModelMemory({ get: () => Promise.resolve(undefined), set: () => undefined }, { origin: "", models: [], sources: [] });
  }

  private constructor(memory: SourceMemory, { origin, models, sources }: Kept) {
    this.#memory = memory;
    this.#origin = origin;
    this.#models = new Map(models);
    this.#sources = new Map(sources);
  }

  /** What the model that had this token was made of; null where that is not known. */
  originsAt(id: AssetId, token: string): readonly ModelOrigin[] | null {
    const model = this.#models.get(id);
    return model?.token === token ? model.origins.map(([element, source, column]) => ({ element, source, column })) : null;
  }

  keepOrigins(id: AssetId, token: string, origins: readonly ModelOrigin[]): void {
    if (this.#models.size >= MOST_MODELS && !this.#models.has(id)) return;
    this.#models.set(id, { token, origins: origins.map(({ element, source, column }) => [element, source, column]) });
    this.#isChanged = true;
  }

  isSource(id: AssetId): boolean {
    return this.#sources.has(id);
  }

  /** The token that a source had when its types were noted. */
  tokenOf(id: AssetId): string | undefined {
    return this.#sources.get(id)?.token;
  }

  typesAt(id: AssetId, token: string): ReadonlyMap<string, JsonObject> | null {
    const source = this.#sources.get(id);
    return source?.token === token ? new Map(Object.entries(source.types)) : null;
  }

  keepTypes(id: AssetId, token: string, types: ReadonlyMap<string, JsonObject>): void {
    if (this.#sources.size >= MOST_SOURCES && !this.#sources.has(id)) return;
    if (this.typesAt(id, token) !== null) return;
    this.#sources.set(id, { token, types: Object.fromEntries(types) });
    this.#isChanged = true;
  }

  save(): void {
    if (!this.#isChanged) return;
    const kept: Kept = { origin: this.#origin, models: [...this.#models], sources: [...this.#sources] };
    this.#memory.set(KEY, kept as unknown as Json);
    this.#isChanged = false;
  }
}

// The number moves with the form of what is kept, and with what it may stand for.
const KEY = "datasphere-2/models";

interface RememberedModel {
  readonly token: string;
  readonly origins: readonly (readonly [element: string, source: AssetId, column: string])[];
}

interface RememberedSource {
  readonly token: string;
  readonly types: { readonly [column: string]: JsonObject };
}

interface Kept {
  /** Tenant and state of definitions. */
  readonly origin: string;
  readonly models: readonly (readonly [AssetId, RememberedModel])[];
  readonly sources: readonly (readonly [AssetId, RememberedSource])[];
}
