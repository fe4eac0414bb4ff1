import { createHash } from "node:crypto";
import { giveBack } from "../../threads/give-back.ts";

/** A place between two lines of a journal. */
export interface JournalEnd {
  /** From the beginning of the file. */
  readonly bytes: number;
  /** Sum of the line before it. */
  readonly sum: string;
}

/** The end of a journal without lines. */
export const BEFORE_ALL: JournalEnd = { bytes: 0, sum: "" };

/**
 * A line's bytes and the place behind it. Each line begins with the sum over its text and over the sum of the line before it, so that no
 * line can be altered, lost or moved unseen; only lines at the end can be missing, and something else says how many there are.
 */
export function lineBehind(before: JournalEnd, told: object): { readonly bytes: Buffer; readonly end: JournalEnd } {
  const text = Buffer.from(JSON.stringify(told));
  const sum = sumBehind(before, text);
  const bytes = Buffer.concat([Buffer.from(`${sum} `), text, Buffer.of(NEWLINE)]);
  giveBack([text]);
  return { bytes, end: { bytes: before.bytes + bytes.length, sum } };
}

/** What the line behind a place tells, and the place behind it; null where its bytes (without their newline) are not what was written. */
export function lineAt(before: JournalEnd, bytes: Buffer): { readonly text: string; readonly end: JournalEnd } | null {
  const sum = bytes.toString("latin1", 0, SUM);
  const text = bytes.subarray(SUM + 1);
  if (bytes[SUM] !== SPACE || sumBehind(before, text) !== sum) return null;
  return { text: text.toString(), end: { bytes: before.bytes + bytes.length + 1, sum } };
}

/** What ends a line. */
export const NEWLINE = 0x0a;

const SUM = 32;
const SPACE = 0x20;

function sumBehind({ sum }: JournalEnd, text: Uint8Array): string {
  return createHash("sha256").update(sum).update(text).digest("hex").slice(0, SUM);
}
