import type { Json } from "../../model/json.ts";
import type { SourceMemory } from "../../ports/source.ts";
import type { Capabilities } from "./capabilities.ts";

/** What is remembered of a tenant from run to run. */
export class TenantMemory {
  readonly #memory: SourceMemory;
  readonly #origin: string;
  #capabilities: Capabilities | null;
  readonly #lengths: Map<string, number>;

  /** What was remembered of another tenant counts for nothing. */
  static async open(memory: SourceMemory, origin: string): Promise<TenantMemory> {
    const kept = (await memory.get(KEY)) as unknown as Kept | undefined;
    return new TenantMemory(memory, origin, kept?.tenant === origin ? kept : { tenant: origin, capabilities: null, lengths: [] });
  }

  private constructor(memory: SourceMemory, origin: string, { capabilities, lengths }: Kept) {
    this.#memory = memory;
    this.#origin = origin;
    this.#capabilities = capabilities;
    this.#lengths = new Map(lengths);
  }

  get capabilities(): Capabilities | null {
    return this.#capabilities;
  }

  set capabilities(found: Capabilities) {
    this.#capabilities = found;
  }

  /** How many rows a list had when it was last read whole; null where it never was. */
  lengthOf(list: string): number | null {
    return this.#lengths.get(list) ?? null;
  }

  keepLength(list: string, rows: number): void {
    this.#lengths.set(list, rows);
  }

  save(): void {
    const kept: Kept = { tenant: this.#origin, capabilities: this.#capabilities, lengths: [...this.#lengths] };
    this.#memory.set(KEY, kept as unknown as Json);
  }
}

// The number moves with the form of what is kept.
const KEY = "datasphere-1";

interface Kept {
  readonly tenant: string;
  readonly capabilities: Capabilities | null;
  readonly lengths: readonly (readonly [list: string, rows: number])[];
}
