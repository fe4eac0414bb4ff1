import { setTimeout as pause } from "node:timers/promises";
import type { Holder } from "../../ports/checkpoint-store.ts";
import type { Lock } from "../../ports/lock.ts";
import { keyOf } from "./advisory-key.ts";
import { formatOf, quoted } from "./migrations.ts";
import type { StatePlace } from "./state-place.ts";
import { type Queries, Session } from "./session.ts";

/**
 * An advisory lock of the server on a connection of its own: the server frees it when the connection ends, however that happens, and at
 * the latest a minute after the holder's network is gone. Who holds it stands in `lease`, for people.
 *
 * Its tables must be there. A pooler that hands a connection to others between two transactions hands the lock on with it; the fence still holds.
 */
export function advisoryLock(place: StatePlace): Lock {
  return {
    acquire: async (holder) => {
      const session = await Session.open(place.address, place.shown);
      try {
        const [[free] = []] = await session.rows("SELECT pg_try_advisory_lock($1)::int", lockKey(place).text);
        if (free !== 1) {
          const held = await notedHolder(session, place);
          await session.close();
          return { ok: false, holder: held };
        }
        await noteHolder(session, place, holder);
      } catch (error) {
        await session.close();
        throw error;
      }
      return { ok: true, release: () => letGo(session, place) };
    },
  };
}

/** Who holds the lease of this pipeline, as far as that is known; null where nobody does. Creates nothing. */
export async function holderOf(place: StatePlace): Promise<Holder | null> {
  const session = await Session.open(place.address, place.shown);
  try {
    return (await formatOf(session, place.schema, place.shown)) === null ? null : await readNote(session, place);
  } finally {
    await session.close();
  }
}

function lockKey({ schema, pipeline }: StatePlace): ReturnType<typeof keyOf> {
  return keyOf(["lease", schema, pipeline]);
}

async function noteHolder(session: Session, { schema, pipeline }: StatePlace, { pid, host, since }: Holder): Promise<void> {
  await session.rows(
    `INSERT INTO ${quoted(schema)}.lease (pipeline, backend, pid, host, since) VALUES ($1, pg_backend_pid(), $2, $3, $4)
     ON CONFLICT (pipeline) DO UPDATE SET backend = excluded.backend, pid = excluded.pid, host = excluded.host, since = excluded.since`,
    pipeline,
    pid,
    host,
    since,
  );
}

// The lock is taken a moment before it is noted.
async function notedHolder(queries: Queries, place: StatePlace): Promise<Holder | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(PAUSE_MS);
    const holder = await readNote(queries, place);
    if (holder !== null) return holder;
  }
  return null;
}

const ATTEMPTS = 10;
const PAUSE_MS = 50;

/** A note counts only while the very connection that wrote it holds the lock. */
async function readNote(queries: Queries, place: StatePlace): Promise<Holder | null> {
  const { high, low } = lockKey(place);
  const [row] = await queries.rows(
    `SELECT l.pid, l.host, l.since FROM ${quoted(place.schema)}.lease AS l JOIN pg_locks AS k ON k.pid = l.backend
     WHERE l.pipeline = $1 AND k.locktype = 'advisory' AND k.granted AND k.objsubid = 1 AND k.classid = $2::oid AND k.objid = $3::oid
       AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    place.pipeline,
    high,
    low,
  );
  return row === undefined ? null : { pid: Number(row[0]), host: String(row[1]), since: String(row[2]) };
}

async function letGo(session: Session, { schema, pipeline }: StatePlace): Promise<void> {
  try {
    await session.rows(`DELETE FROM ${quoted(schema)}.lease WHERE pipeline = $1 AND backend = pg_backend_pid()`, pipeline);
  } catch {
    // With a connection that was lost the lock is free already, and a note without its lock is not believed.
  }
  await session.close();
}
