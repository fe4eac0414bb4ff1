import { closeSync, openSync, writeSync } from "node:fs";
import { TidemarkError } from "../../src/model/errors.ts";
import { wholeState } from "../../src/testing/whole-state.ts";
import { MEMORY_KEYS } from "./small-state.ts";
import { sqliteStore } from "./sqlite-harness.ts";

/** What may befall a byte: one bit flips, or all eight. */
export const WAYS: readonly ((byte: number, at: number) => number)[] = [(byte, at) => byte ^ (1 << (at % 8)), (byte) => byte ^ 0xff];

/** All that a state tells, or "damaged". */
export async function tellAll(folder: string): Promise<string> {
  return orDamaged(async () => {
    await using reader = await sqliteStore(folder).reader();
    return JSON.stringify(await wholeState(reader, MEMORY_KEYS));
  });
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
