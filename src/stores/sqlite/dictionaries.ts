import { isIntact, sealed } from "../shared/row-sum.ts";
import type { StateDictionary } from "../shared/dictionary-rules.ts";
import { dictionaryContent, dictionaryOf, unpack } from "../shared/pack-text.ts";
import { stateDamaged } from "../shared/state-error.ts";
import type { Queries, StateDatabase } from "./state-database.ts";

/** The newest dictionary of a state, which is what packing takes; null where there is none yet. */
export function newestDictionary(state: Queries): StateDictionary | null {
  const known = knownOf(state);
  if (known.newest === undefined) {
    const [row] = state.rows("SELECT id FROM dictionary ORDER BY id DESC LIMIT 1");
    known.newest = row === undefined ? null : dictionaryAt(state, Number(row[0]));
  }
  return known.newest;
}

/** The text of a blob that was packed with no dictionary or one of the state's; null where it is none. A flipped bit can make a blob something else. */
export function unpackAt(state: Queries, packed: unknown): string | null {
  if (!(packed instanceof Uint8Array)) return null;
  const id = dictionaryOf(packed);
  return unpack(packed, id === 0 ? null : dictionaryAt(state, id).content);
}

/** Adds a dictionary made of these snapshots' texts, which is the newest from now on. */
export function addDictionary(state: StateDatabase, checkpoints: number, texts: Iterable<string>): void {
  const id = (newestDictionary(state)?.id ?? 0) + 1;
  const content = dictionaryContent(texts);
  state.run("INSERT INTO dictionary (id, checkpoints, content, sum) VALUES (?, ?, ?, ?)", ...sealed([id, checkpoints, content.toString()]));
  const dictionary = { id, checkpoints, content };
  const known = knownOf(state);
  known.newest = dictionary;
  known.byId.set(id, dictionary);
}

/** Forgets what is known: a dictionary that a failed transaction added is gone. */
export function forgetDictionaries(state: Queries): void {
  KNOWN.delete(state);
}

/** One sentence for each dictionary that is not what was written. */
export function damagedDictionaries(state: Queries): readonly string[] {
  return state
    .rows("SELECT id, checkpoints, content, sum FROM dictionary")
    .flatMap((row) => (isIntact(row) ? [] : [`The state ${state.path} is damaged: dictionary ${Number(row[0])} is not what was written.`]));
}

interface Known {
  newest?: StateDictionary | null;
  readonly byId: Map<number, StateDictionary>;
}

// Dictionaries are only ever added, so what is known of an open state stays right.
const KNOWN = new WeakMap<Queries, Known>();

function knownOf(state: Queries): Known {
  const known = KNOWN.get(state) ?? { byId: new Map() };
  KNOWN.set(state, known);
  return known;
}

function dictionaryAt(state: Queries, id: number): StateDictionary {
  const { byId } = knownOf(state);
  const known = byId.get(id);
  if (known !== undefined) return known;
  const [row] = state.rows("SELECT id, checkpoints, content, sum FROM dictionary WHERE id = ?", id);
  if (row === undefined) throw stateDamaged(state.path, `dictionary ${id} is missing`);
  if (!isIntact(row)) throw stateDamaged(state.path, `dictionary ${id} is not what was written`);
  const dictionary = { id, checkpoints: Number(row[1]), content: Buffer.from(String(row[2])) };
  byId.set(id, dictionary);
  return dictionary;
}
