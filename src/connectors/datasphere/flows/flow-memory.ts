import type { Json } from "../../../model/json.ts";
import type { SourceMemory } from "../../../ports/source.ts";
import type { FlowSegment } from "../object-types.ts";
import type { Fill } from "./flow-document.ts";

/** What a flow was when it was last read. */
export interface KnownFlow {
  /** What proves it unchanged; null where nothing does. */
  readonly token: string | null;
  /** When it was read: milliseconds since 1970, for a read policy. */
  readonly at: number;
  /** The names of its space's assets that it fills, and from what. */
  readonly fills: readonly Fill[];
}

export interface FlowPlace {
  readonly space: string;
  readonly segment: FlowSegment;
}

/** What flows were when they were last read, so that an unchanged one need not be read, and one that cannot be read still fills its tables. */
export class FlowMemory {
  readonly #memory: SourceMemory;
  readonly #origin: string;
  readonly #lists: Map<string, Map<string, KnownFlow>>;

  /** What was remembered of another tenant, or of another state of its objects, counts for nothing. */
  static async open(memory: SourceMemory, origin: string): Promise<FlowMemory> {
    const kept = (await memory.get(KEY)) as unknown as Kept | undefined;
    return new FlowMemory(memory, origin, kept?.origin === origin ? kept.lists : []);
  }

  private constructor(memory: SourceMemory, origin: string, lists: Kept["lists"]) {
    this.#memory = memory;
    this.#origin = origin;
    this.#lists = new Map(lists.map(([list, flows]) => [list, new Map(flows)]));
  }

  /** The flows that a list had, by name. */
  of({ space, segment }: FlowPlace): ReadonlyMap<string, KnownFlow> {
    return this.#lists.get(`${space}/${segment}`) ?? new Map();
  }

  /** From now on a list has these flows. */
  keep({ space, segment }: FlowPlace, flows: ReadonlyMap<string, KnownFlow>): void {
    this.#lists.set(`${space}/${segment}`, new Map(flows));
  }

  /** Forgets the flows of all spaces but these. */
  keepSpaces(spaces: ReadonlySet<string>): void {
    for (const list of this.#lists.keys()) if (!spaces.has(list.slice(0, list.indexOf("/")))) this.#lists.delete(list);
  }

  save(): void {
    const lists = [...this.#lists].map(([list, flows]) => [list, [...flows]] as const);
    this.#memory.set(KEY, { origin: this.#origin, lists } as unknown as Json);
  }
}

// The number moves with the form of what is kept.
const KEY = "datasphere-1/flows";

interface Kept {
  readonly origin: string;
  readonly lists: readonly (readonly [list: string, flows: readonly (readonly [name: string, KnownFlow])[]])[];
}
