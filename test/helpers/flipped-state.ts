import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TidemarkError } from "../../src/model/errors.ts";
import type { CheckpointReader } from "../../src/ports/checkpoint-store.ts";
import { wholeState } from "../../src/testing/whole-state.ts";
import { makeSmallState, MEMORY_KEYS } from "./small-state.ts";
import { sqliteStore } from "./sqlite-harness.ts";

/** What may befall a byte: one bit flips, or all eight. */
export const WAYS: readonly ((byte: number, at: number) => number)[] = [(byte, at) => byte ^ (1 << (at % 8)), (byte) => byte ^ 0xff];

/** The files of a state that one of them can be damaged in. SQLite makes the other file of its own, `-shm`, anew of the log. */
const FILES = ["state.db", "state.db-wal", "previous.db", "journal.ndjson"] as const;

export type StateFile = (typeof FILES)[number];

/** The bytes of a state's files. */
export type Kept = ReadonlyMap<StateFile, Buffer>;

/** Reads the files of a state that nobody has open. */
export function keepFiles(folder: string): Kept {
  return new Map(FILES.flatMap((name) => (existsSync(join(folder, name)) ? [[name, readFileSync(join(folder, name))] as const] : [])));
}

/** Puts all files of a state back as they were, and takes away what came since. */
export function putBack(folder: string, kept: Kept): void {
  for (const name of readdirSync(folder))
    if (name !== "lock.db" && !kept.has(name as StateFile)) rmSync(join(folder, name), { recursive: true });
  for (const [name, bytes] of kept) writeFileSync(join(folder, name), bytes);
}

/** Makes a small state, and answers with its files and all that a reader tells of it: one that rests, or one whose writer was killed and whose every write is still in its log (-wal). */
export async function aKeptState(
  folder: string,
  how: "at rest" | "left by a killed run",
): Promise<{ readonly kept: Kept; readonly whole: string }> {
  if (how === "at rest") await makeSmallState(folder);
  else spawnSync(process.execPath, [join(import.meta.dirname, "die-in-small-state.ts"), folder]);
  const kept = keepFiles(folder);
  const whole = await tellUnderLease(folder);
  return { kept, whole };
}

/** All that a state tells, or "damaged". */
export async function tellAll(folder: string): Promise<string> {
  return orDamaged(async () => {
    await using reader = await sqliteStore(folder).reader();
    return JSON.stringify(await wholeState(reader, MEMORY_KEYS));
  });
}

/** What came of a run on a damaged state. */
export interface Survived {
  /**
   * `harmless`: it told all it held. `recovered`: the damage was found, and it fell back. `rebuild`: the damage was found, and only a
   * rebuild of the state is left.
   */
  readonly how: "harmless" | "recovered" | "rebuild";
  /** All that the state tells in the end, but for whether it was recovered or left in use; empty where there is nothing to be told. */
  readonly told: string;
}

/** Opens a state as a run does, reads all of it, and falls back where it is damaged. */
export async function survive(folder: string): Promise<Survived> {
  const first = await tellUnderLease(folder);
  if (first !== "damaged") return { how: "harmless", told: first };
  if ((await sqliteStore(folder).fallBack()) === null) return { how: "rebuild", told: "" };
  return { how: "recovered", told: await tellUnderLease(folder) };
}

async function tellUnderLease(folder: string): Promise<string> {
  return orDamaged(async () => {
    await using lease = await sqliteStore(folder).acquire();
    return await told(lease);
  });
}

/** All that a reader tells but for how the last run ended. */
export async function told(reader: CheckpointReader): Promise<string> {
  const { head, ...rest } = await wholeState(reader, MEMORY_KEYS);
  return JSON.stringify({ ...rest, head: { ...head, clean: null, recovered: null } });
}

/** What `work` answers, "damaged" where it was refused for the state's sake. Any other failure is a defect. */
export async function orDamaged(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TidemarkError && ["state_damaged", "state_newer", "state_unwritable"].includes(error.code)) return "damaged";
    throw error;
  }
}

/** Overwrites one byte of a file. */
export function put(path: string, at: number, byte: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.of(byte), 0, 1, at);
  closeSync(file);
}

/** Replaces a file's content, in the same file. */
export function rewrite(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  writeSync(file, bytes);
  closeSync(file);
}
