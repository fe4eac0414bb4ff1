import { aCheckpoint, aHead } from "../../src/testing/checkpoint-builders.ts";
import { sqliteStore } from "./sqlite-harness.ts";

/** The generation of the state that takes the place of another. */
export const REPLACED = 7;

// Run as a process of its own: replaces the state in the folder given.
if (process.argv[1] === import.meta.filename) {
  await sqliteStore(process.argv[2] ?? "").replace(
    (async function* () {
      yield [{ record: "head", head: { ...aHead({ recovered: true }), format: 1, generation: REPLACED } }];
      yield [{ record: "checkpoint", checkpoint: aCheckpoint("SALES.Restored") }];
    })(),
  );
}
