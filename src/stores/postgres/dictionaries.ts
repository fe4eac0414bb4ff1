import { type StateDictionary } from "../shared/dictionary-rules.ts";
import { dictionaryContent, dictionaryOf, leansOnNext, unpack } from "../shared/pack-text.ts";
import { sealed } from "../shared/row-sum.ts";
import type { LedgeredRows } from "./scan-rows.ts";
import { stateDamaged } from "./server-error.ts";
import { addRows, rowsAt, type WritableRows } from "./state-rows.ts";
import type { RowIn, Stored } from "./tables.ts";

/** The dictionaries of a state, of which there are a few: all are read when one is first needed. They are only ever added, so what is known stays right. */
export class Dictionaries {
  readonly #known = new Map<number, StateDictionary>();

  /** The newest, which is what packing takes; null where there is none yet. */
  async newest(rows: WritableRows & LedgeredRows): Promise<StateDictionary | null> {
    const { dictionary: id } = rows.next.last;
    if (id === 0) return null;
    if (!this.#known.has(id)) await this.#load(rows);
    return this.#at(rows, id);
  }

  /** What gives the texts of these snapshots, none of which leans on another version. Throws where one is not what was packed. */
  async texts(rows: LedgeredRows, snapshots: readonly (Stored | null)[]): Promise<(stored: Stored) => string | null> {
    const named = snapshots.map((stored) => (stored instanceof Uint8Array && !leansOnNext(stored) ? dictionaryOf(stored) : 0));
    if (named.some((id) => id !== 0 && !this.#known.has(id))) await this.#load(rows);
    return (stored) => {
      if (typeof stored === "string") return stored;
      const id = dictionaryOf(stored);
      return unpack(stored, id === 0 ? null : this.#at(rows, id).content);
    };
  }

  /** Adds a dictionary made of these texts, which is the newest from now on. */
  async add(rows: WritableRows, checkpoints: number, texts: Iterable<string>): Promise<void> {
    const id = (rows.next.last.dictionary += 1);
    const content = dictionaryContent(texts);
    await addRows(rows, "dictionary", [sealed([id, checkpoints, content.toString()]) as RowIn["dictionary"]]);
    this.#known.set(id, { id, checkpoints, content });
  }

  /** Forgets all: what a failed transaction added is gone. */
  forget(): void {
    this.#known.clear();
  }

  async #load(rows: LedgeredRows): Promise<void> {
    const { dictionary: last } = (await rows.ledger()).last;
    const ids = Array.from({ length: last }, (_, at) => at + 1);
    for (const [id, checkpoints, content] of await rowsAt(rows, "dictionary", ids))
      this.#known.set(id, { id, checkpoints, content: Buffer.from(content) });
  }

  #at({ shown }: LedgeredRows, id: number): StateDictionary {
    const dictionary = this.#known.get(id);
    if (dictionary === undefined) throw stateDamaged(shown, `the row ${id} of dictionary is missing`);
    return dictionary;
  }
}
