import type { AssetId } from "../../model/asset.ts";
import type { Checkpoint, CheckpointEntry, Intent, OutcomeRecord } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";
import { sealed, sumOf } from "../shared/row-sum.ts";
import type { StateChange } from "../shared/state-change.ts";
import { toRecordRow } from "./checkpoint-rows.ts";
import { readHead, writeHead } from "./head.ts";
import { renewDictionary } from "./renew-dictionary.ts";
import { storing } from "./snapshots.ts";
import { putRecords, putRows, dropOldest, removeRecords, removeRows, rowsAt } from "./state-rows.ts";
import { basisOf, entryOf, fromEntryRow, toEntryRow } from "../shared/entry-row.ts";
import type { RecordRow, RowIn } from "./tables.ts";
import { keepVersions } from "./write-versions.ts";
import { number, type Write } from "./write.ts";

/** Carries a change out within a transaction of the caller's. */
export async function applyChange(write: Write, change: StateChange): Promise<void> {
  switch (change.kind) {
    case "take":
      // From here on every older lease finds a ledger that it did not write.
      write.next.epoch += 1;
      return;
    case "begin":
      return await writeHead(write, { ...(await readHead(write)), clean: false });
    case "recover":
      return await writeHead(write, { ...(await readHead(write)), clean: false, recovered: true });
    case "intend":
      return await number(
        write,
        "intent",
        change.intents.map((intent) => [JSON.stringify(intent)]),
      );
    case "record":
      await recordOutcomes(write, change.outcomes);
      return await renewDictionary(write);
    case "refresh":
      return await refreshEntries(write, change.items);
    case "keep":
      return await keepIntents(write, change.intents);
    case "add_run":
      return await addRun(write, change.report);
    case "commit": {
      const { lineage, generation } = await readHead(write);
      await remember(write, change.memory);
      if (change.report !== null) await addRun(write, change.report);
      return await writeHead(write, { ...change.head, lineage, generation: generation + 1 });
    }
    case "drop":
      for (const [table, count] of [
        ["run", change.runs],
        ["history", change.history],
        ["version", change.versions],
      ] as const)
        await dropOldest(write, table, count);
  }
}

/** Puts checkpoints, of which no two are of one asset, in their place. */
export async function putCheckpoints(write: Write, checkpoints: readonly Checkpoint[]): Promise<void> {
  const records: RecordRow[] = [];
  const entries: RowIn["entry"][] = [];
  const store = await storing(write);
  for (const checkpoint of checkpoints) {
    const record = toRecordRow(checkpoint, store);
    records.push(record);
    entries.push(await entryRow(write, entryOf(checkpoint), sumOf(record)));
  }
  await putRows(write, "entry", entries);
  await putRecords(write, records);
}

/** Of several outcomes of one asset the last says what its checkpoint is from now on. */
async function recordOutcomes(write: Write, outcomes: readonly OutcomeRecord[]): Promise<void> {
  await keepVersions(write, outcomes);
  const last = new Map<AssetId, Checkpoint | null>();
  for (const { asset_id, checkpoint } of outcomes) if (checkpoint !== undefined) last.set(asset_id, checkpoint);
  const put = [...last.values()].filter((checkpoint) => checkpoint !== null);
  const removed = [...last].flatMap(([id, checkpoint]) => (checkpoint === null ? [id] : []));
  await removeRows(write, "entry", removed);
  await removeRecords(write, removed);
  await putCheckpoints(write, put);
  await removeRows(
    write,
    "intent",
    outcomes.flatMap(({ seq }) => (seq === null ? [] : [seq])),
  );
  const history = outcomes.flatMap((outcome) => (outcome.history === undefined ? [] : [outcome.history]));
  await number(
    write,
    "history",
    history.map((record) => [record.asset_id, JSON.stringify(record)]),
  );
}

/** Renews the narrow rows alone. An asset without a checkpoint has nothing to renew. */
async function refreshEntries(write: Write, items: readonly Refresh[]): Promise<void> {
  const renewed = new Map(items.map(({ asset_id, entry }) => [asset_id, entry]));
  const found = await rowsAt(
    write,
    "entry",
    [...renewed.keys()].filter((id) => id.isWellFormed()),
  );
  const bases = await write.bases.of(write, found);
  const rows: RowIn["entry"][] = [];
  for (const [at, row] of found.entries()) {
    const stored = fromEntryRow(row, bases[at] as (typeof bases)[number]);
    const { raw, fingerprint, mapping } = renewed.get(stored.asset_id) as Refresh["entry"];
    // The mapping belongs to the table that the target acknowledged; where there is none, there is none.
    rows.push(
      await entryRow(write, { ...stored, raw, fingerprint, mapping: stored.ref === null ? null : (mapping ?? stored.mapping) }, row[8]),
    );
  }
  await putRows(write, "entry", rows);
}

/** Intents that have ended stay ended. */
async function keepIntents(write: Write, intents: readonly Intent[]): Promise<void> {
  const open = new Set(
    (
      await rowsAt(
        write,
        "intent",
        intents.map(({ seq }) => seq),
      )
    ).map(([seq]) => seq),
  );
  const kept = new Map(intents.filter(({ seq }) => open.has(seq)).map(({ seq, ...intent }) => [seq, intent]));
  await putRows(
    write,
    "intent",
    [...kept].map(([seq, intent]) => sealed([seq, JSON.stringify(intent)]) as RowIn["intent"]),
  );
}

async function addRun(write: Write, report: RunReport): Promise<void> {
  await number(write, "run", [[JSON.stringify(report)]]);
}

/** Null forgets. */
async function remember(write: Write, memory: readonly (readonly [key: string, value: Json | null])[]): Promise<void> {
  const forgotten = memory.flatMap(([key, value]) => (value === null ? [key] : []));
  const kept = memory.flatMap(([key, value]) => (value === null ? [] : [sealed([key, JSON.stringify(value)]) as RowIn["memory"]]));
  await removeRows(write, "memory", forgotten);
  await putRows(write, "memory", kept);
}

async function entryRow(write: Write, entry: CheckpointEntry, record: string): Promise<RowIn["entry"]> {
  return toEntryRow(entry, await write.bases.idOf(write, basisOf(entry)), record);
}
