import { hash } from "node:crypto";
import { isUtf8 } from "node:buffer";

/** What a look at many lines found, by columns, from the last line to the first. Lines are without their ends. */
export interface SightedLines {
  /** Of each line the name, or "" where it takes parsing to tell it. */
  readonly names: readonly string[];
  /** Of each line the SHA-256, "" where it takes parsing. */
  readonly tokens: readonly string[];
  /** Where each line begins, and how long it is, in bytes of the stretch. */
  readonly ats: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

/**
 * Looks at the lines of a stretch, which begins and ends where lines do, and parses none of them.
 *
 * A line in the form in which programs write it (`{"name":"…","definition":{"kind":"entity",…}}`) is an asset's, unless words in it say
 * that it may stand for an object elsewhere.
 */
export function sightLines(bytes: Buffer): SightedLines {
  const newlines: number[] = [-1];
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) newlines.push(at);
  const isText = isUtf8(bytes);
  const suspects = isText ? suspectsIn(bytes) : [];
  const found = { names: [] as string[], tokens: [] as string[], ats: [] as number[], lengths: [] as number[] };
  let end = bytes.length;
  for (let i = newlines.length - 1; i >= 0; i--) {
    const start = (newlines[i] as number) + 1;
    const length = (bytes[end - 1] === RETURN && end > start ? end - 1 : end) - start;
    while (suspects.length > 0 && (suspects.at(-1) as number) >= end) suspects.pop();
    const isPlain = isText && (suspects.length === 0 || (suspects.at(-1) as number) < start);
    const line = bytes.subarray(start, start + length);
    const name = isPlain ? nameAtSight(line) : "";
    found.names.push(name);
    found.tokens.push(name === "" ? "" : hash("sha256", line, "hex"));
    found.ats.push(start);
    found.lengths.push(length);
    end = start - 1;
  }
  return found;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const CLOSING = 0x7d;

// The last byte but one ends the definition: a line that was cut short does not pass.
const USUAL = /^\{"name": ?"([ !#-[\]-~]+)", ?"definition": ?\{"kind": ?"entity"[,}]/;

function nameAtSight(line: Buffer): string {
  if (line[line.length - 1] !== CLOSING || line[line.length - 2] !== CLOSING) return "";
  return USUAL.exec(line.toString("latin1", 0, 256))?.[1] ?? "";
}

// A part of "cds.persistence.exists" that is found quickly: short, and its first letter, which is what is looked for, is rare.
const STANDS_FOR_ANOTHER = Buffer.from("xists");
const WHOLE = Buffer.from("cds.persistence.exists");
const ESCAPED_ASCII = Buffer.from("\\u00");

/** Where words stand that may make a line another thing than it seems, ascending. */
function suspectsIn(bytes: Buffer): number[] {
  const suspects: number[] = [];
  for (let at = bytes.indexOf(STANDS_FOR_ANOTHER); at >= 0; at = bytes.indexOf(STANDS_FOR_ANOTHER, at + 1)) {
    const start = at + STANDS_FOR_ANOTHER.length - WHOLE.length;
    if (start >= 0 && bytes.subarray(start, start + WHOLE.length).equals(WHOLE)) suspects.push(start);
  }
  // From the end, where its last character is what is looked for: SQL and diagrams in strings hold several times as many backslashes as zeros.
  for (let at = bytes.lastIndexOf(ESCAPED_ASCII); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(ESCAPED_ASCII, at - 1)) suspects.push(at);
  return suspects.sort((a, b) => a - b);
}
