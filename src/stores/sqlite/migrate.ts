import { readLedger } from "./check-state.ts";
import { ledgerText } from "./ledger.ts";
import { FORMAT, FROM_1_TO_2 } from "./schema.ts";
import type { StateDatabase } from "./state-database.ts";
import { writeMeta } from "./write-meta.ts";

/** Makes a state of the first format one of the present format, in one transaction, without touching a row of it. */
export function migrate(state: StateDatabase): void {
  if (state.format === FORMAT) return;
  state.transaction(() => {
    const ledger = readLedger(state);
    state.exec(FROM_1_TO_2);
    writeMeta(state, "ledger", ledgerText(ledger));
  });
}
