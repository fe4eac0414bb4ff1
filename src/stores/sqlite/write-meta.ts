import { sealed } from "../shared/row-sum.ts";
import type { MetaKey } from "./check-state.ts";
import type { StateDatabase } from "./state-database.ts";

/** Writes a row of `meta` with its sum. */
export function writeMeta(state: StateDatabase, key: MetaKey, value: string): void {
  state.run("INSERT OR REPLACE INTO meta (key, value, sum) VALUES (?, ?, ?)", ...sealed([key, value]));
}
