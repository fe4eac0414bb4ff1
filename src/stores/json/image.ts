import { createHash } from "node:crypto";
import type { AssetVersion, Checkpoint, HistoryRecord, Intent, StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { RunReport } from "../../model/report.ts";
import { parseStored } from "../../model/stored-json.ts";
import { NEWLINE } from "../shared/journal-line.ts";
import { MemoryState } from "../shared/memory-state.ts";
import { stateDamaged } from "../shared/state-error.ts";

/** The format of the files that this version writes. */
export const FORMAT = 1;

/** A state at one moment, and the journal that tells what was written since. */
export interface Image {
  readonly state: MemoryState;
  /** Writes to the state so far. */
  readonly writes: number;
  readonly journal: JournalName;
}

/** A journal: its number, and the sum of its first line. */
export interface JournalName {
  readonly number: number;
  readonly sum: string;
}

/**
 * An image as the text of its file: JSON with one record a line, checkpoints in code-point order, and at its end a sum over all bytes
 * before it.
 */
export function imageBytes({ state, writes, journal }: Image): Buffer {
  const header = { ...state.head, writes, last_intent: state.lastIntent, journal };
  const body = Buffer.concat([
    Buffer.from(`{\n"header":${JSON.stringify(header)},\n`),
    ...section("checkpoints", state.ids, (id) => state.get(id)),
    ...section("intents", [...state.intents.values()]),
    ...section("memory", [...state.memory], ([key, text]) => ({ key, value: parseStored(text) })),
    ...section("versions", state.versions),
    ...section("history", state.history),
    ...section("runs", state.runs),
  ]);
  return Buffer.concat([body, footerOf(body)]);
}

/** The image that a file's bytes tell; throws where a single one of them is not what was written. */
export function parseImage(bytes: Uint8Array, path: string): Image {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = whole.subarray(0, Math.max(whole.length - FOOTER_BYTES, 0));
  if (!footerOf(body).equals(whole.subarray(body.length))) throw stateDamaged(path, "its sum is not that of what it holds");
  const state = new MemoryState();
  let header: Header | null = null;
  for (const { section: name, record } of records(body)) {
    if (name !== "header") addRecord(state, name, record);
    else header = requireKnown(record as unknown as Header, path);
  }
  if (header === null) throw stateDamaged(path, "it has no header");
  const { writes, last_intent, journal, ...head } = header;
  state.head = head;
  state.lastIntent = last_intent;
  return { state, writes, journal };
}

type Header = StateHead & { readonly writes: number; readonly last_intent: number; readonly journal: JournalName };

function* section<T>(name: string, items: readonly T[], view: (item: T) => unknown = (item) => item): Generator<Buffer> {
  yield Buffer.from(`"${name}":[\n`);
  for (const [at, item] of items.entries()) yield Buffer.from(`${JSON.stringify(view(item))}${at === items.length - 1 ? "" : ","}\n`);
  yield Buffer.from("],\n");
}

function footerOf(body: Uint8Array): Buffer {
  return Buffer.from(`"footer":{"sha256":"${createHash("sha256").update(body).digest("hex")}"}\n}\n`);
}

const FOOTER_BYTES = footerOf(Buffer.of()).length;

/** Line by line, so that no text has to be as long as the file. */
function* records(body: Buffer): Generator<{ readonly section: string; readonly record: Json }> {
  let name = "";
  for (let from = 0; from < body.length;) {
    const newline = body.indexOf(NEWLINE, from);
    const line = body.toString("utf8", from, newline);
    from = newline + 1;
    const [, opened, rest] = OPENING.exec(line) ?? [];
    if (opened !== undefined) name = opened;
    const text = (rest ?? line).replace(/,$/, "");
    // The numbers of documents are kept as they were written; those of a report are numbers.
    if (text.startsWith("{") && text !== "{")
      yield { section: name, record: name === "runs" ? (JSON.parse(text) as Json) : parseStored(text) };
  }
}

const OPENING = /^"([a-z]+)":(.*)$/;

function requireKnown(header: Header, path: string): Header {
  if (header.format === FORMAT) return header;
  throw new TidemarkError("state_newer", `The state ${path} has format ${header.format}; this Tidemark knows formats up to ${FORMAT}.`, {
    remedy: "Use the newer Tidemark that wrote it.",
  });
}

function addRecord(state: MemoryState, name: string, record: Json): void {
  switch (name) {
    case "checkpoints":
      state.put(record as unknown as Checkpoint);
      return;
    case "intents":
      state.intents.set((record as unknown as Intent).seq, record as unknown as Intent);
      return;
    case "memory": {
      const { key, value } = record as { readonly key: string; readonly value: Json };
      state.memory.set(key, JSON.stringify(value));
      return;
    }
    case "versions":
      state.versions.push(record as unknown as AssetVersion);
      return;
    case "history":
      state.history.push(record as unknown as HistoryRecord);
      return;
    case "runs":
      state.runs.push(record as unknown as RunReport);
  }
}
