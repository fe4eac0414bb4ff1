import { inStateOrder, type StateRecord } from "../../model/state-record.ts";
import type { Replaced } from "../../ports/checkpoint-store.ts";
import { sealed } from "../shared/row-sum.ts";
import { number, putCheckpoints, readHead, type Write, writeHead } from "./apply-change.ts";
import { Bases } from "./bases.ts";
import { addState } from "./create-state.ts";
import { emptyLedger } from "./ledger.ts";
import { FORMAT, quoted } from "./migrations.ts";
import { scanRows } from "./scan-rows.ts";
import { stateDamaged } from "./server-error.ts";
import type { Session } from "./session.ts";
import { moveAside } from "./set-aside.ts";
import type { StatePlace } from "./state-place.ts";
import { addRows, CURRENT, recordsOf, writeMeta } from "./state-rows.ts";
import { SUMMED_TABLES } from "./tables.ts";
import type { RowOf } from "../shared/rows.ts";

/**
 * Makes a state of these records beside the one that is there, proves it and puts it in its place: one transaction, so that at every
 * moment, whatever dies, there is the old state or the new one.
 */
export async function replaceState(session: Session, place: StatePlace, records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
  return await session.transaction(async (queries) => {
    const added = await addState(queries, place, DRAFT);
    if (added === null) throw stateDamaged(place.shown, "another one is being made in its place");
    const next = emptyLedger();
    const write: Write = { ...added, next, bases: new Bases(), ledger: async () => next };
    await writeMeta(write, "ledger", JSON.stringify(next));
    for await (const page of inStateOrder(records)) await putPage(write, page);
    await writeMeta(write, "ledger", JSON.stringify(next));
    await prove(write);
    const set_aside = await moveAside(queries, place);
    await queries.rows(`UPDATE ${quoted(place.schema)}.state SET place = $2 WHERE id = $1`, added.id, CURRENT);
    return { head: { format: FORMAT, ...(await readHead(write)) }, set_aside };
  });
}

/** Where a state stands while it is made. No other session ever sees one. */
const DRAFT = "draft";

async function putPage(write: Write, page: readonly StateRecord[]): Promise<void> {
  const of = <K extends StateRecord["record"]>(kind: K): readonly Extract<StateRecord, { record: K }>[] =>
    page.filter((record): record is Extract<StateRecord, { record: K }> => record.record === kind);
  for (const { head } of of("head")) {
    const { format: _format, ...rest } = head;
    await writeHead(write, rest);
  }
  await putCheckpoints(
    write,
    of("checkpoint").map(({ checkpoint }) => checkpoint),
  );
  const versions = of("version").map(({ version }) => version);
  const texts = versions.map(({ snapshot }) => (snapshot === null ? null : JSON.stringify(snapshot)));
  await number(
    write,
    "version",
    versions.map((v, at) => [v.asset_id, v.run_id, v.generation, v.sync_version, texts[at] ?? null]),
  );
  const intents = of("intent").map(({ intent: { seq, ...intent } }) => sealed([seq, JSON.stringify(intent)]) as RowOf["intent"]);
  await addRows(write, "intent", intents);
  // Numbers go on behind those that were given.
  write.next.last.intent = Math.max(write.next.last.intent, ...intents.map(([seq]) => seq));
  await addRows(
    write,
    "memory",
    of("memory").map(({ key, value }) => sealed([key, JSON.stringify(value)]) as RowOf["memory"]),
  );
  await number(
    write,
    "history",
    of("history").map(({ history }) => [history.asset_id, JSON.stringify(history)]),
  );
  await number(
    write,
    "run",
    of("run").map(({ report }) => [JSON.stringify(report)]),
  );
}

/** Reads all of it once more; throws where it is not what was written. */
async function prove(write: Write): Promise<void> {
  for (const table of SUMMED_TABLES) {
    for await (const page of scanRows(write, table)) if (table === "entry") await recordsOf(write, page as readonly RowOf["entry"][]);
  }
}
