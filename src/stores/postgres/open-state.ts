import { ledgerFrom } from "./ledger.ts";
import { stateUnwritable } from "./server-error.ts";
import { formatOf, quoted } from "./migrations.ts";
import type { OpenRows } from "./scan-rows.ts";
import { type Queries, Session } from "./session.ts";
import type { StatePlace } from "./state-place.ts";
import { CURRENT, readMeta, type Rows } from "./state-rows.ts";

/** Opens the current state for reading: one moment of it, kept until it is closed. Null where there is none. Creates nothing. */
export async function openForReading(place: StatePlace): Promise<OpenRows | null> {
  const session = await Session.open(place.address, place.shown);
  try {
    await session.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const format = await formatOf(session, place.schema, place.shown);
    const rows = format === null ? null : await currentRows(session, place, format);
    if (rows === null) {
      await session.close();
      return null;
    }
    const ledger = ledgerFrom(await readMeta(rows, "ledger"));
    return { ...rows, queries: session, ledger: async () => ledger };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The rows of the pipeline's current state, in tables of that format; null where there is none. */
export async function currentRows(queries: Queries, { schema, pipeline, shown }: StatePlace, format: number): Promise<Rows | null> {
  const sql = `SELECT id FROM ${quoted(schema)}.state WHERE pipeline = $1 AND place = $2`;
  const [row] = await queries.rows(sql, pipeline, CURRENT);
  return row === undefined ? null : { queries, schema: quoted(schema), format, id: Number(row[0]), shown };
}

/** How long a server that restarts is waited for. */
const PAUSES_MS = [100, 200, 400, 800, 1_600, 3_200, 6_400] as const;

/** A new session in the place of one that was lost, for a server that may be starting again. */
export async function reconnect(place: StatePlace, sleep: (ms: number) => Promise<unknown>): Promise<Session> {
  let last: unknown;
  for (const ms of PAUSES_MS) {
    await sleep(ms);
    try {
      return await Session.open(place.address, place.shown);
    } catch (error) {
      last = error;
    }
  }
  throw stateUnwritable(
    place.shown,
    "the connection was lost while a write was being made durable, and the server does not answer",
    "Whether that write took effect the next run finds out by reading. Start it when the server is back.",
    last,
  );
}
