import { existsSync, linkSync, renameSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inStateOrder, type StateRecord } from "../../model/state-record.ts";
import type { Replaced } from "../../ports/checkpoint-store.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { Bases } from "./bases.ts";
import { makeTables } from "./create-state.ts";
import { JOURNAL } from "./journal.ts";
import { joinJournal } from "./join-journal.ts";
import { fallBackFrom, isWhole } from "./fall-back.ts";
import { emptyLedger, ledgerText } from "./ledger.ts";
import { openForReading } from "./open-for-reading.ts";
import { PREVIOUS } from "./renew-fallback.ts";
import { renewDictionary } from "./renew-dictionary.ts";
import { freePlace } from "./set-aside.ts";
import { failure } from "./sqlite-error.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { StateDatabase } from "./state-database.ts";
import { verifyState } from "./verify-state.ts";
import { inWorkshop, makeDurable, makeFile } from "./workshop.ts";
import { writeMeta } from "./write-meta.ts";
import { addHistory, addRun, putCheckpoint, putIntent, remember, type Write } from "./write-rows.ts";
import { addVersion } from "./write-versions.ts";

/**
 * Makes a state of these records beside the one that is there, proves it, and puts it in its place.
 *
 * The old state's file keeps its name until the new one takes it. Its journal goes first: a state that is whole is opened without one,
 * but the new state beside the old journal would pass for a state of another history. One that is not whole needs its journal, and falls
 * back on it before that goes. So a run that dies anywhere in between leaves the one or the other, to be opened as it is. All that was
 * there also stands in quarantine by then.
 */
export async function replaceState(path: string, records: AsyncIterable<readonly StateRecord[]>, compress: boolean): Promise<Replaced> {
  const folder = dirname(path);
  try {
    return await inWorkshop(folder, async (workshop) => {
      const draft = join(workshop, basename(path));
      makeFile(draft);
      await fill(draft, path, records, compress);
      makeDurable(draft);
      await makeOldWhole(workshop, path);
      const set_aside = await quarantine(path);
      for (const beside of [join(folder, JOURNAL), `${path}-wal`, `${path}-shm`]) if (existsSync(beside)) unlinkSync(beside);
      makeDurable(folder);
      renameSync(draft, path);
      makeDurable(folder);
      return { head: await headOf(path), set_aside };
    });
  } catch (error) {
    throw failure(error, path);
  }
}

async function fill(draft: string, path: string, records: AsyncIterable<readonly StateRecord[]>, compress: boolean): Promise<void> {
  const state = new StateDatabase(draft, "write", path);
  try {
    // It counts once it is in place: until then nothing of it need be durable.
    state.exec("PRAGMA synchronous = OFF");
    const write: Write = { state, ledger: emptyLedger(), bases: new Bases(), compress };
    state.transaction(() => makeTables(state));
    for await (const page of inStateOrder(records)) {
      state.transaction(() => {
        for (const record of page) put(write, record);
        if (compress) renewDictionary(write);
      });
    }
    state.transaction(() => writeMeta(state, "ledger", ledgerText(write.ledger)));
    const [problem] = (await verifyState(state)).problems;
    if (problem !== undefined) throw stateDamaged(path, `what was to take its place is not whole (${problem})`);
    state.settle("all");
  } finally {
    state.close();
  }
}

function put(write: Write, record: StateRecord): void {
  switch (record.record) {
    case "head": {
      const { format: _format, ...head } = record.head;
      writeMeta(write.state, "head", JSON.stringify(head));
      return;
    }
    case "checkpoint":
      putCheckpoint(write, record.checkpoint);
      return;
    case "version":
      addVersion(write, record.version);
      return;
    case "intent":
      putIntent(write, record.intent);
      return;
    case "memory":
      remember(write, record.key, record.value);
      return;
    case "history":
      addHistory(write, record.history);
      return;
    case "run":
      addRun(write, record.report);
  }
}

/** The old state stands without its journal for a moment, so it is made whole while that is there. One that cannot be is replaced as it is. */
async function makeOldWhole(workshop: string, path: string): Promise<void> {
  if (!existsSync(path) || !(await isWhole(() => requireWhole(path)))) await fallBackFrom(workshop, path);
}

async function requireWhole(path: string): Promise<void> {
  settleLog(path);
  const state = openForReading(path);
  if (state === null) return;
  try {
    const [problem] = (await verifyState(state)).problems;
    if (problem !== undefined) throw stateDamaged(path, problem);
  } finally {
    state.close();
  }
}

// What a run that died left in the log belongs to the file: without it the file alone would be an older state.
function settleLog(path: string): void {
  if (!existsSync(`${path}-wal`)) return;
  const state = new StateDatabase(path, "write");
  try {
    state.settle("all");
  } finally {
    state.close();
  }
}

/** Gives all files of the state that is there a second name in quarantine. */
async function quarantine(path: string): Promise<string | null> {
  const folder = dirname(path);
  const files = [path, `${path}-wal`, `${path}-shm`, join(folder, PREVIOUS), join(folder, JOURNAL)].filter((file) => existsSync(file));
  if (files.length === 0) return null;
  const place = await freePlace(join(folder, "quarantine"));
  for (const file of files) linkSync(file, join(place, basename(file)));
  makeDurable(place);
  return place;
}

/** Opens the new state as any run does, which gives it its own copy and journal. */
async function headOf(path: string): Promise<Replaced["head"]> {
  const state = new StateDatabase(path, "write");
  await using reader = new SqliteReader(state);
  using _journal = await joinJournal(state, dirname(path));
  return (await reader.head()) as Replaced["head"];
}
