import { TidemarkError } from "../../model/errors.ts";
import type { Verification } from "../../ports/checkpoint-store.ts";
import { damagedDictionaries } from "./dictionaries.ts";
import { recordAt, scanRows } from "./read-rows.ts";
import { COLUMNS, type RowOf, type SummedTable } from "./schema.ts";
import { provePast } from "./read-versions.ts";
import type { Queries } from "./state-database.ts";

/** Checks all there is: the structure of the file, every row's sum, every table's count, every entry's record. At most 100 problems are SQLite's own, then one for each table and each asset. */
export function verifyState(state: Queries): Verification {
  const problems = state
    .rows("PRAGMA integrity_check(100)")
    .flatMap(([said]) => (said === "ok" ? [] : [`SQLite's integrity check: ${said}`]));
  let checkpoints = 0;
  const check = (work: () => void): void => attempt(problems, work);
  for (const table of Object.keys(COLUMNS) as SummedTable[]) {
    if (state.format === 1 && table === "version") continue;
    check(() => {
      for (const page of scanRows(state, table, { pageSize: 100 })) {
        if (table !== "entry") continue;
        checkpoints += page.length;
        for (const [id, , , , , , , , record] of page as readonly RowOf["entry"][]) check(() => void recordAt(state, id, record));
      }
    });
  }
  check(() => {
    const records = Number(state.rows("SELECT count(*) FROM record")[0]?.[0]);
    if (records !== checkpoints) problems.push(`The state ${state.path} holds ${checkpoints} entries and ${records} records.`);
  });
  check(() => {
    if (state.format === 1) return;
    problems.push(...damagedDictionaries(state));
    provePast(state, check);
    const [[pasts, told] = []] = state.rows("SELECT (SELECT count(*) FROM past), (SELECT count(*) FROM version WHERE content IS NOT NULL)");
    if (pasts !== told) problems.push(`The state ${state.path} tells of ${told} earlier snapshots and holds ${pasts}.`);
  });
  return { checkpoints, problems };
}

// One damaged row or table must not hide another.
function attempt(problems: string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== "state_damaged") throw error;
    problems.push(error.message);
  }
}
