import { createHash } from "node:crypto";
import type { SourceSystem } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { inStateOrder, type StateRecord } from "../model/state-record.ts";
import { parseStored } from "../model/stored-json.ts";

const FORMAT = 1;

export type BackupReason = "daily" | "deletion" | "scheme" | "restore" | "manual" | "export";

/** The first line of a backup or an export: what it is a copy of. */
export interface BackupHeader {
  readonly record: "backup";
  readonly format_version: number;
  /** Counts the backups of a shelf: their order, whatever the clock said. 0 for an export. */
  readonly number: number;
  readonly pipeline: string;
  readonly source_system: SourceSystem;
  readonly lineage: string;
  readonly generation: number;
  readonly checkpoints: number;
  /** ISO 8601, for people. */
  readonly made_at: string;
  readonly reason: BackupReason;
}

/** The last line: a file without it is cut. */
interface BackupFooter {
  readonly record: "end";
  readonly records: number;
  /** Of all bytes before this line, hexadecimal. */
  readonly sha256: string;
}

/** A file of state records, wherever it lies, to be read as often as needed. */
export interface BackupInput {
  /** For messages: its path or name. */
  readonly name: string;
  readonly lines: () => AsyncIterable<string>;
}

/**
 * Writes a whole state down: header, records, footer, one a line; a page of records at a time. Throws where the records make no state, or
 * not the one that the header tells of: whoever stores the text has only to prove that it is stored.
 */
export async function* backupText(
  header: Omit<BackupHeader, "record" | "format_version">,
  pages: AsyncIterable<readonly StateRecord[]>,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  const hashed = (text: string): string => {
    hash.update(text);
    return text;
  };
  yield hashed(`${JSON.stringify({ record: "backup", format_version: FORMAT, ...header })}\n`);
  let records = 0;
  let checkpoints = 0;
  for await (const page of inStateOrder(pages)) {
    if (page.length === 0) continue;
    records += page.length;
    checkpoints += checkpointsOf(page);
    yield hashed(page.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }
  requireCount("What was to be written", header, checkpoints);
  const footer: BackupFooter = { record: "end", records, sha256: hash.digest("hex") };
  yield `${JSON.stringify(footer)}\n`;
}

/** Reads the first line only. */
export async function readHeader({ name, lines }: BackupInput): Promise<BackupHeader> {
  for await (const line of lines()) return headerIn(name, line);
  throw noBackup(name, "it is empty");
}

/** The records of a backup in bounded pages. Throws `input_invalid` where they are not, to the last byte, what was written: at the end, so prove it first. */
export async function* readRecords({ name, lines }: BackupInput): AsyncGenerator<readonly StateRecord[]> {
  const hash = createHash("sha256");
  let header: BackupHeader | null = null;
  let footer: BackupFooter | null = null;
  let records = 0;
  let page: StateRecord[] = [];
  for await (const line of lines()) {
    if (footer !== null) throw noBackup(name, "something stands behind its last line");
    const value: Json = header === null ? null : parsed(name, line);
    if (header === null) header = headerIn(name, line);
    else if (isJsonObject(value) && value["record"] === "end") footer = value as unknown as BackupFooter;
    else {
      page.push(value as unknown as StateRecord);
      records++;
    }
    if (footer === null) hash.update(`${line}\n`);
    if (page.length >= PAGE) {
      yield page;
      page = [];
    }
  }
  if (footer === null) throw noBackup(name, "its last line is missing, so it is cut");
  if (footer.sha256 !== hash.digest("hex") || footer.records !== records) throw noBackup(name, "it is not what was written");
  if (page.length > 0) yield page;
}

const PAGE = 500;

/** Reads a whole backup and throws `input_invalid` where it is damaged, or no state. */
export async function proveBackup(input: BackupInput): Promise<BackupHeader> {
  const header = await readHeader(input);
  let checkpoints = 0;
  try {
    for await (const page of inStateOrder(readRecords(input))) checkpoints += checkpointsOf(page);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "state_damaged") throw noBackup(input.name, error.message, error);
    throw error;
  }
  requireCount(input.name, header, checkpoints);
  return header;
}

function checkpointsOf(page: readonly StateRecord[]): number {
  return page.filter(({ record }) => record === "checkpoint").length;
}

function requireCount(name: string, header: Pick<BackupHeader, "checkpoints">, checkpoints: number): void {
  if (checkpoints !== header.checkpoints)
    throw noBackup(name, `it should hold ${header.checkpoints} checkpoints, and holds ${checkpoints}`);
}

function headerIn(name: string, line: string): BackupHeader {
  const value = parsed(name, line);
  if (!isJsonObject(value) || value["record"] !== "backup") throw noBackup(name, "its first line is not a backup's");
  const header = value as unknown as BackupHeader;
  if (header.format_version > FORMAT)
    throw new TidemarkError(
      "state_newer",
      `${name} was written by a newer Tidemark (format ${header.format_version}, this one knows ${FORMAT}).`,
      { remedy: "Read it with the newer Tidemark." },
    );
  return header;
}

function parsed(name: string, line: string): Json {
  try {
    return parseStored(line);
  } catch (error) {
    throw noBackup(name, "a line is no JSON", error);
  }
}

function noBackup(name: string, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError("input_invalid", `${name} cannot be used as a backup: ${why}.`, {
    remedy: "Take another: `tidemark checkpoint backup --list` shows those there are.",
    cause,
  });
}
