import { TidemarkError } from "../../model/errors.ts";
import type { Verification } from "../../ports/checkpoint-store.ts";
import { type OpenRows, scanRows } from "./scan-rows.ts";
import { readHead } from "./apply-change.ts";
import { recordsOf } from "./state-rows.ts";
import { SUMMED_TABLES } from "./tables.ts";
import type { RowOf } from "../shared/rows.ts";

/** Checks all there is: the head, every row's sum, every table's count, every entry's record. At most 100 problems. */
export async function verifyState(rows: OpenRows): Promise<Verification> {
  const problems: string[] = [];
  let checkpoints = 0;
  const check = async (work: () => Promise<void>): Promise<void> => {
    if (await attempt(problems, work)) return;
    // What the server cannot read ends the transaction; the next check begins another.
    await rows.queries.rows("ROLLBACK");
    await rows.queries.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  };
  await check(async () => void (await readHead(rows)));
  for (const table of SUMMED_TABLES) {
    await check(async () => {
      for await (const page of scanRows(rows, table, { pageSize: 100 })) {
        if (table !== "entry") continue;
        checkpoints += page.length;
        const entries = page as readonly RowOf["entry"][];
        if (await attempt([], async () => void (await recordsOf(rows, entries)))) continue;
        for (const entry of entries) await check(async () => void (await recordsOf(rows, [entry])));
      }
    });
  }
  await check(async () => {
    const [[records] = []] = await rows.queries.rows(`SELECT count(*) FROM ${rows.schema}.record WHERE state = $1`, rows.id);
    if (records !== checkpoints) problems.push(`The state ${rows.shown} holds ${checkpoints} entries and ${records} records.`);
  });
  return { checkpoints, problems: problems.slice(0, MOST_PROBLEMS) };
}

const MOST_PROBLEMS = 100;

// One damaged row or table must not hide another.
async function attempt(problems: string[], work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== "state_damaged") throw error;
    if (problems.length < MOST_PROBLEMS) problems.push(error.message);
    return false;
  }
}
