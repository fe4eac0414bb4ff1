import type { Json } from "../../model/json.ts";
import type { SourceMemory } from "../../ports/source.ts";
import type { Found } from "./place.ts";

/**
 * What a space's exports held when they were last listed, so that one with the same bytes need not be parsed; and which definitions of
 * one name were found to say the same. What a run did not ask for again is forgotten.
 */
export class SpaceMemory {
  readonly #memory: SourceMemory;
  readonly #key: string;
  readonly #before: Remembered;
  readonly #files = new Map<string, RememberedFile>();
  readonly #verdicts = new Map<string, boolean>();

  static async open(memory: SourceMemory, space: string): Promise<SpaceMemory> {
    // The number moves with the form of what is kept and with the rule of which definitions are assets.
    const key = `csn-1/${space}`;
    const before = (await memory.get(key)) as Remembered | undefined;
    return new SpaceMemory(memory, key, before ?? { files: {}, verdicts: {} });
  }

  private constructor(memory: SourceMemory, key: string, before: Remembered) {
    this.#memory = memory;
    this.#key = key;
    this.#before = before;
  }

  /** The assets of the export that had these bytes; null where nothing or another content is remembered. */
  recall(file: string, sha: string): readonly Found[] | null {
    const known = this.#before.files[file];
    return known?.sha === sha ? known.found : null;
  }

  /** What {@link keep} kept of an export in this run. */
  kept(file: string): readonly Found[] {
    return (this.#files.get(file) as RememberedFile).found;
  }

  keep(file: string, sha: string, found: readonly Found[]): void {
    this.#files.set(file, { sha, found });
  }

  /** What `compare` says of two definitions, asked once for each pair of tokens. */
  async verdict(tokens: readonly [string, string], compare: () => Promise<boolean>): Promise<boolean> {
    const pair = tokens.join(":");
    const verdict = this.#before.verdicts[pair] ?? (await compare());
    this.#verdicts.set(pair, verdict);
    return verdict;
  }

  /** Hands on what is to be remembered, if that moved. */
  save(): void {
    const now: Remembered = { files: Object.fromEntries(this.#files), verdicts: Object.fromEntries(this.#verdicts) };
    if (JSON.stringify(now) !== JSON.stringify(this.#before)) this.#memory.set(this.#key, now as unknown as Json);
  }
}

/** For whoever looks again because it must not believe what was. */
export const NO_MEMORY: SourceMemory = { get: () => Promise.resolve(undefined), set: () => undefined };

interface Remembered {
  readonly files: { readonly [path: string]: RememberedFile };
  readonly verdicts: { readonly [tokens: string]: boolean };
}

interface RememberedFile {
  readonly sha: string;
  readonly found: readonly Found[];
}
