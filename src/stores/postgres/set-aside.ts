import { quoted } from "./migrations.ts";
import type { Queries, Session } from "./session.ts";
import type { StatePlace } from "./state-place.ts";
import { CURRENT } from "./state-rows.ts";

/** Moves the current state of a pipeline to the first free `quarantine/<n>`: one row's change. Answers with its new place, null where there is none. */
export async function setAside(session: Session, place: StatePlace): Promise<string | null> {
  return await session.transaction((queries) => moveAside(queries, place));
}

/** The same within a transaction of the caller's. */
export async function moveAside(queries: Queries, { schema, pipeline }: StatePlace): Promise<string | null> {
  const table = `${quoted(schema)}.state`;
  const [row] = await queries.rows(`SELECT id FROM ${table} WHERE pipeline = $1 AND place = $2 FOR UPDATE`, pipeline, CURRENT);
  if (row === undefined) return null;
  const taken = await queries.rows(`SELECT place FROM ${table} WHERE pipeline = $1`, pipeline);
  const last = Math.max(0, ...taken.map(([at]) => Number(/^quarantine\/(\d+)$/.exec(String(at))?.[1] ?? 0)));
  const aside = `quarantine/${last + 1}`;
  await queries.rows(`UPDATE ${table} SET place = $2 WHERE id = $1`, Number(row[0]), aside);
  return `${aside} (state ${Number(row[0])} in schema ${schema})`;
}
