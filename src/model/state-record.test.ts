import { expect, test } from "vitest";
import { aCheckpoint, aHead, aHistoryRecord, anIntent, aReport } from "../testing/checkpoint-builders.ts";
import { inStateOrder, type StateRecord } from "./state-record.ts";

const head: StateRecord = { record: "head", head: { ...aHead(), format: 1, generation: 1 } };
const checkpoint = (name: string): StateRecord => ({ record: "checkpoint", checkpoint: aCheckpoint(`SALES.${name}`) });
const version: StateRecord = {
  record: "version",
  version: { asset_id: "SALES.A", run_id: "run-1", generation: 1, sync_version: null, snapshot: null },
};
const intent = (seq: number): StateRecord => ({ record: "intent", intent: { ...anIntent("SALES.A"), seq } });
const memory = (key: string): StateRecord => ({ record: "memory", key, value: 1 });
const history: StateRecord = { record: "history", history: aHistoryRecord("SALES.A") };
const run: StateRecord = { record: "run", report: aReport("run-1") };

async function* inPages(records: readonly StateRecord[], size: number): AsyncGenerator<readonly StateRecord[]> {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size);
}

async function told(records: readonly StateRecord[], size: number): Promise<readonly StateRecord[]> {
  return (await Array.fromAsync(inStateOrder(inPages(records, size)))).flat();
}

test.each([1, 2, 100])("records that make a state come as they are, in pages of %i", async (size) => {
  const whole = [
    head,
    checkpoint("A"),
    checkpoint("\uffff"),
    checkpoint("\u{1F600}"),
    version,
    version,
    intent(2),
    intent(5),
    memory("a"),
    memory("\uffff"),
    memory("\u{1F600}"),
    history,
    history,
    run,
    run,
  ];
  expect(await told(whole, size)).toEqual(whole);
  expect(await told([head], size)).toEqual([head]);
  expect(await told([head, run], size)).toEqual([head, run]);
});

test.each<[string, readonly StateRecord[]]>([
  ["there are none", []],
  ["they begin with one of kind run, not with the head", [run, head]],
  ["they have two heads", [head, head]],
  ["a record of kind head comes behind one of kind checkpoint", [head, checkpoint("A"), head]],
  ["a record of kind checkpoint comes behind one of kind version", [head, version, checkpoint("A")]],
  ["a record of kind version comes behind one of kind intent", [head, intent(1), version]],
  ["a record of kind intent comes behind one of kind memory", [head, memory("a"), intent(1)]],
  ["a record of kind memory comes behind one of kind history", [head, history, memory("a")]],
  ["a record of kind history comes behind one of kind run", [head, run, history]],
  ['the checkpoint "SALES.A" comes behind "SALES.B"', [head, checkpoint("B"), checkpoint("A")]],
  ['the checkpoint "SALES.A" comes behind "SALES.A"', [head, checkpoint("A"), checkpoint("A")]],
  ['the checkpoint "SALES.\uffff" comes behind "SALES.\u{1F600}"', [head, checkpoint("\u{1F600}"), checkpoint("\uffff")]],
  ['the memory "a" comes behind "a"', [head, memory("a"), memory("a")]],
  ["intent 3 comes behind intent 3", [head, intent(3), intent(3)]],
  ["intent 2 comes behind intent 3", [head, intent(3), intent(2)]],
])("%s: that is no state", async (problem, records) => {
  for (const size of [1, 2, 100]) {
    await expect(told(records, size)).rejects.toMatchObject({
      code: "state_damaged",
      message: `These records are no state: ${problem}.`,
      remedy: "Take another backup or export. Nothing was replaced.",
    });
  }
});
