import type { NewHead } from "../shared/state-change.ts";
import { writeHead } from "./head.ts";
import { emptyLedger } from "./ledger.ts";
import { FORMAT, quoted } from "./migrations.ts";
import { currentRows, reconnect } from "./open-state.ts";
import { leaseLost, stateUnwritable } from "./server-error.ts";
import { CommitUnknown, type Queries, type Session } from "./session.ts";
import type { StatePlace } from "./state-place.ts";
import { CURRENT, readMeta, type Rows, writeMeta } from "./state-rows.ts";
import { setTimeout as pause } from "node:timers/promises";

/** A state that was begun, and the text of its ledger. */
export interface Created {
  readonly session: Session;
  readonly rows: Rows;
  readonly ledger: string;
}

/** Begins a state where there is none: one transaction, and never two of one pipeline. */
export async function createState(session: Session, place: StatePlace, head: NewHead): Promise<Created> {
  const ledger = JSON.stringify(emptyLedger());
  try {
    const rows = await session.transaction(async (queries) => {
      const added = await addState(queries, place, CURRENT);
      if (added === null) throw leaseLost(place.shown, "another run has begun the state since");
      await writeHead(added, { ...head, generation: 0, clean: false });
      await writeMeta(added, "ledger", ledger);
      return added;
    });
    return { session, rows, ledger };
  } catch (error) {
    if (!(error instanceof CommitUnknown)) throw error;
    return await readBack(error, place, head, ledger);
  }
}

/** Adds the row of a state, which nothing bears the number of yet; null where the place is taken. Of two who try, the second waits. */
export async function addState(queries: Queries, { schema, pipeline, shown }: StatePlace, where: string): Promise<Rows | null> {
  const sql = `INSERT INTO ${quoted(schema)}.state (pipeline, place) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`;
  const [row] = await queries.rows(sql, pipeline, where);
  return row === undefined ? null : { queries, schema: quoted(schema), format: FORMAT, id: Number(row[0]), shown };
}

// The lineage is made once for each state that is begun, so it tells whose it is.
async function readBack(error: CommitUnknown, place: StatePlace, { lineage }: NewHead, ledger: string): Promise<Created> {
  const session = await reconnect(place, pause);
  const rows = await currentRows(session, place, FORMAT);
  if (rows === null) {
    await session.close();
    throw stateUnwritable(place.shown, `the connection was lost before the state was begun (${error.message})`, undefined, error);
  }
  const head = JSON.parse(await readMeta(rows, "head")) as NewHead;
  if (head.lineage !== lineage || (await readMeta(rows, "ledger")) !== ledger) {
    await session.close();
    throw leaseLost(place.shown, "another run has begun the state since");
  }
  return { session, rows, ledger };
}
