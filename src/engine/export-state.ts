import type { StateRecord } from "../model/state-record.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";

/** A whole state as records, in the order that they are written down in, in bounded pages. All belong to the moment that the reader reads; nothing comes where there is no state. */
export async function* exportState(reader: CheckpointReader): AsyncGenerator<readonly StateRecord[]> {
  const head = await reader.head();
  if (head === null) return;
  yield [{ record: "head", head }];
  for await (const page of reader.checkpoints()) yield page.map((checkpoint) => ({ record: "checkpoint", checkpoint }));
  for await (const page of reader.versions({ oldest_first: true })) yield page.map((version) => ({ record: "version", version }));
  const intents = await reader.intents();
  if (intents.length > 0) yield intents.map((intent) => ({ record: "intent", intent }));
  for await (const page of reader.memories()) yield page.map(([key, value]) => ({ record: "memory", key, value }));
  for await (const page of reader.trail()) yield page.map((history) => ({ record: "history", history }));
  for await (const page of reader.reports()) yield page.map((report) => ({ record: "run", report }));
}
