import { inStateOrder, type StateRecord } from "../../model/state-record.ts";
import type { Replaced } from "../../ports/checkpoint-store.ts";
import { MetTexts } from "../shared/met-texts.ts";
import { sealed } from "../shared/row-sum.ts";
import { putCheckpoints } from "./apply-change.ts";
import { Bases } from "./bases.ts";
import { addState } from "./create-state.ts";
import { Dictionaries } from "./dictionaries.ts";
import { readHead, writeHead } from "./head.ts";
import { emptyLedger } from "./ledger.ts";
import { FORMAT, quoted } from "./migrations.ts";
import { pastTexts } from "./read-versions.ts";
import { renewDictionary } from "./renew-dictionary.ts";
import { scanRows } from "./scan-rows.ts";
import { stateDamaged } from "./server-error.ts";
import type { Session } from "./session.ts";
import { moveAside } from "./set-aside.ts";
import type { StatePlace } from "./state-place.ts";
import { openRecords } from "./snapshots.ts";
import { addRows, CURRENT, writeMeta } from "./state-rows.ts";
import { type RowIn, SUMMED_TABLES } from "./tables.ts";
import { addVersions } from "./write-versions.ts";
import { number, type Write } from "./write.ts";

/**
 * Makes a state of these records beside the one that is there, proves it and puts it in its place: one transaction, so that at every
 * moment, whatever dies, there is the old state or the new one.
 */
export async function replaceState(
  session: Session,
  place: StatePlace,
  records: AsyncIterable<readonly StateRecord[]>,
  compress: boolean,
): Promise<Replaced> {
  return await session.transaction(async (queries) => {
    const added = await addState(queries, place, DRAFT);
    if (added === null) throw stateDamaged(place.shown, "another one is being made in its place");
    const next = emptyLedger();
    const write: Write = { ...added, next, bases: new Bases(), dictionaries: new Dictionaries(), compress, ledger: async () => next };
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
  await renewDictionary(write);
  await addVersions(
    write,
    of("version").map(({ version }) => version),
  );
  const intents = of("intent").map(({ intent: { seq, ...intent } }) => sealed([seq, JSON.stringify(intent)]) as RowIn["intent"]);
  await addRows(write, "intent", intents);
  // Numbers go on behind those that were given.
  write.next.last.intent = Math.max(write.next.last.intent, ...intents.map(([seq]) => seq));
  await addRows(
    write,
    "memory",
    of("memory").map(({ key, value }) => sealed([key, JSON.stringify(value)]) as RowIn["memory"]),
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
  const met = new MetTexts();
  for (const table of SUMMED_TABLES) {
    for await (const page of scanRows(write, table, { pageSize: 100 })) {
      if (table === "entry") await openRecords(write, page as readonly RowIn["entry"][]);
      if (table === "version") await pastTexts(write, page as readonly RowIn["version"][], met);
    }
  }
}
