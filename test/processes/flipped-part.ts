import { truncateSync } from "node:fs";
import { join } from "node:path";
import { aKeptState, type Kept, put, putBack, type StateFile, survive, WAYS } from "../helpers/flipped-state.ts";
import { aStateFolder } from "../helpers/sqlite-harness.ts";

/** A state one file of which is damaged, byte by byte. */
export interface Subject {
  readonly name: string;
  readonly file: StateFile;
  readonly state: "at rest" | "left by a killed run";
  /** The state itself is destroyed too, so that the file is all that a fallback has. */
  readonly isAlone: boolean;
}

export const SUBJECTS: readonly Subject[] = [
  { name: "state at rest", file: "state.db", state: "at rest", isAlone: false },
  { name: "state of a killed run", file: "state.db", state: "left by a killed run", isAlone: false },
  { name: "its log (-wal)", file: "state.db-wal", state: "left by a killed run", isAlone: false },
  { name: "copy", file: "previous.db", state: "at rest", isAlone: false },
  { name: "journal", file: "journal.ndjson", state: "at rest", isAlone: false },
  { name: "copy beside a destroyed state", file: "previous.db", state: "at rest", isAlone: true },
  { name: "journal beside a destroyed state", file: "journal.ndjson", state: "at rest", isAlone: true },
];

/** What came of it, counted; `findings` are those where another state was told. */
export interface Part {
  readonly harmless: number;
  readonly recovered: number;
  readonly rebuild: number;
  /** Of a destroyed state whose journal lost its end too: an earlier moment, marked as recovered. */
  readonly earlier: number;
  readonly findings: readonly string[];
}

/** Flips each byte of a part of a file in two ways, and cuts the file there; a run follows each. */
export async function flippedPart(subject: Subject, from: number, to: number): Promise<Part> {
  const { name, file, isAlone } = subject;
  await using state = await aStateFolder({ on: "memory" });
  const { kept, whole } = await aKeptState(state.folder, subject.state);
  const given: Kept = isAlone ? new Map([...kept, ["state.db", Buffer.from("destroyed")]]) : kept;
  const bytes = kept.get(file) as Buffer;
  const part = { harmless: 0, recovered: 0, rebuild: 0, earlier: 0 };
  const findings: string[] = [];
  const path = join(state.folder, file);

  async function suffer(what: string, damage: () => void, mayLack: boolean): Promise<void> {
    putBack(state.folder, given);
    damage();
    const { how, told } = await survive(state.folder);
    if (told === whole || (how === "rebuild" && isAlone)) part[how]++;
    else if (how === "recovered" && mayLack) part.earlier++;
    else findings.push(`${name}, ${what}: ${how}, and not all was told`);
  }

  for (let at = from; at < Math.min(to, bytes.length); at++) {
    for (const way of WAYS) await suffer(`byte ${at} flipped`, () => put(path, at, way(bytes[at] as number, at)), false);
    await suffer(`cut to ${at} bytes`, () => truncateSync(path, at), isAlone && file === "journal.ndjson");
  }
  return { ...part, findings };
}

if (import.meta.main) {
  const [at = 0, from = 0, to = 0] = process.argv.slice(2).map(Number);
  process.stdout.write(JSON.stringify(await flippedPart(SUBJECTS[at] as Subject, from, to)));
}
