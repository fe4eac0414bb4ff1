import { isUtf8 } from "node:buffer";
import { fingerprintText } from "../engine/fingerprint.ts";
import { AssetError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";

/** What became of whole lines. */
export interface HashedChunk {
  /** A line of hashes for each line that is not blank, up to the wrong one. */
  readonly text: string;
  /** How many lines were looked at, the wrong one among them. */
  readonly lines: number;
  /** Why the last of them cannot be hashed; null where all can. */
  readonly wrong: string | null;
}

/** Hashes whole lines, the end of the last left out or not. `isFirst`: they begin the input, where some tools write a byte order mark. */
export function hashChunk(bytes: Buffer, isFirst: boolean, scheme: HashScheme): HashedChunk {
  const isText = isUtf8(bytes);
  let text = "";
  let lines = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    lines++;
    if (!isText && !isUtf8(bytes.subarray(start, end))) return { text, lines, wrong: "it is not UTF-8" };
    const line = bytes.toString("utf8", start, end);
    try {
      text += hashLine(isFirst && lines === 1 ? line.replace(/^\ufeff/, "") : line, scheme);
    } catch (error) {
      if (error instanceof AssetError) return { text, lines, wrong: error.message };
      throw error;
    }
    start = end + 1;
  }
  return { text, lines, wrong: null };
}

const NEWLINE = 0x0a;

/** A line of output; nothing for a blank line. */
function hashLine(line: string, scheme: HashScheme): string {
  return line.trim() === "" ? "" : `${JSON.stringify(fingerprintText(line, scheme))}\n`;
}
