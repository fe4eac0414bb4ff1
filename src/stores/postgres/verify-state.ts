import { TidemarkError } from "../../model/errors.ts";
import type { Verification } from "../../ports/checkpoint-store.ts";
import { type OpenRows, scanRows } from "./scan-rows.ts";
import { readHead } from "./head.ts";
import { Dictionaries } from "./dictionaries.ts";
import { MetTexts } from "../shared/met-texts.ts";
import { pastTexts } from "./read-versions.ts";
import { openRecords } from "./snapshots.ts";
import type { Row } from "../shared/row-sum.ts";
import { type RowIn, summedTables } from "./tables.ts";

/** Checks all there is: the head, every row's sum, every table's count, every entry's record, every snapshot. At most 100 problems. */
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
  const packed = { ...rows, dictionaries: new Dictionaries() };
  const met = new MetTexts();
  // A page at once, and where that fails its rows one by one: each tells of its own.
  const each = async <R extends Row>(page: readonly R[], prove: (some: readonly R[]) => Promise<unknown>) => {
    if (await attempt([], async () => void (await prove(page)))) return;
    for (const row of page) await check(async () => void (await prove([row])));
  };
  for (const table of summedTables(rows.format)) {
    await check(async () => {
      for await (const page of scanRows(rows, table, { pageSize: 100 })) {
        if (table === "entry") {
          checkpoints += page.length;
          await each(page as readonly RowIn["entry"][], (entries) => openRecords(packed, entries));
        }
        if (table === "version") await each(page as readonly RowIn["version"][], (versions) => pastTexts(packed, versions, met));
      }
    });
  }
  await check(async () => {
    const [[records] = []] = await rows.queries.rows(`SELECT count(*) FROM ${rows.schema}.record WHERE state = $1`, rows.id);
    if (records !== checkpoints) problems.push(`The state ${rows.shown} holds ${checkpoints} entries and ${Number(records)} records.`);
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
    // Of a dictionary each row says the same that was packed with it.
    if (problems.length < MOST_PROBLEMS && !problems.includes(error.message)) problems.push(error.message);
    return false;
  }
}
