import { TidemarkError } from "../../model/errors.ts";
import type { Verification } from "../../ports/checkpoint-store.ts";
import { damagedDictionaries } from "./dictionaries.ts";
import { inTurns } from "./in-turns.ts";
import { recordAt, scanRows } from "./read-rows.ts";
import { COLUMNS } from "./schema.ts";
import { pastProofs } from "./read-versions.ts";
import type { Queries } from "./state-database.ts";
import type { RowOf, SummedTable } from "../shared/rows.ts";

/**
 * Checks all there is: the structure of the file, every row's sum, every table's count, every entry's record. At most 100 problems are
 * SQLite's own, then one for each table and each asset. The event loop turns meanwhile, but for SQLite's own check of the structure.
 */
export function verifyState(state: Queries, signal?: AbortSignal): Promise<Verification> {
  return inTurns(proof(state), signal);
}

type Steps<T = void> = Generator<undefined, T>;

function* proof(state: Queries): Steps<Verification> {
  const problems = state
    .rows("PRAGMA integrity_check(100)")
    .flatMap(([said]) => (said === "ok" ? [] : [`SQLite's integrity check: ${String(said)}`]));
  const check = (work: () => void): void => attempt(problems, work);
  let checkpoints = 0;
  for (const table of Object.keys(COLUMNS) as SummedTable[]) {
    if (state.format === 1 && table === "version") continue;
    yield* attemptInSteps(problems, function* () {
      for (const page of scanRows(state, table, { pageSize: 100 })) {
        yield;
        if (table !== "entry") continue;
        checkpoints += page.length;
        for (const [id, , , , , , , , record] of page as readonly RowOf["entry"][]) {
          check(() => void recordAt(state, id, record));
          yield;
        }
      }
    });
  }
  check(() => {
    const records = Number(state.rows("SELECT count(*) FROM record")[0]?.[0]);
    if (records !== checkpoints) problems.push(`The state ${state.path} holds ${checkpoints} entries and ${records} records.`);
  });
  if (state.format !== 1) yield* attemptInSteps(problems, () => pastProof(state, problems));
  return { checkpoints, problems };
}

function* pastProof(state: Queries, problems: string[]): Steps {
  problems.push(...damagedDictionaries(state));
  for (const prove of pastProofs(state)) {
    attempt(problems, prove);
    yield;
  }
  const [[pasts, told] = []] = state.rows("SELECT (SELECT count(*) FROM past), (SELECT count(*) FROM version WHERE content IS NOT NULL)");
  if (pasts !== told) problems.push(`The state ${state.path} tells of ${Number(told)} earlier snapshots and holds ${Number(pasts)}.`);
}

// One damaged row or table must not hide another.
function attempt(problems: string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    note(problems, error);
  }
}

function* attemptInSteps(problems: string[], work: () => Steps): Steps {
  try {
    yield* work();
  } catch (error) {
    note(problems, error);
  }
}

function note(problems: string[], error: unknown): void {
  if (!(error instanceof TidemarkError) || error.code !== "state_damaged") throw error;
  problems.push(error.message);
}
