import { isUtf8 } from "node:buffer";
import { findDefinition } from "../../csn/find-definitions.ts";
import { JsonSyntaxError } from "../../model/json-reader.ts";
import type { OpenFile } from "./disk.ts";
import { type Line, linesFromEnd } from "./lines-from-end.ts";
import { type Found, tokenOf } from "./place.ts";
import { requireUtf8, textStart } from "./utf8.ts";

/**
 * Finds the assets of an `.ndjson` file, the last one first, in bounded memory. Lines that cannot be understood are passed over and
 * told at the end, by an error that names the first of them.
 *
 * A line in the form in which programs write it (`{"name":"…","definition":{"kind":"entity",…}}`) is not parsed here: its name and
 * the hash of its bytes say all that a listing needs. What is wrong inside it is found when it is read, and told of that asset.
 */
export async function* scanLines(path: string, file: OpenFile): AsyncIterable<readonly Found[]> {
  const faults = new Faults();
  let passed = 0;
  for await (const lines of linesFromEnd(file)) {
    const found: Found[] = [];
    for (const line of lines.map(withoutMark)) {
      const name = nameAtSight(line.bytes) ?? faults.during(passed, line, parsedName);
      if (name !== undefined)
        found.push({ name, token: tokenOf(line.bytes), place: { file: path, at: line.at, length: line.bytes.length } });
      passed++;
    }
    if (found.length > 0) yield found;
  }
  faults.tell(passed);
}

/** Collects what went wrong, from the last line to the first. */
class Faults {
  #count = 0;
  #first: { readonly line: Line; readonly fromEnd: number; readonly error: Error } | null = null;

  during<T>(fromEnd: number, line: Line, work: (line: Line) => T): T | undefined {
    try {
      return work(line);
    } catch (error) {
      this.#count++;
      this.#first = { line, fromEnd, error: error as Error };
      return undefined;
    }
  }

  tell(lines: number): void {
    if (this.#first === null) return;
    const { line, fromEnd, error } = this.#first;
    const number = lines - fromEnd;
    const told =
      error instanceof JsonSyntaxError
        ? new JsonSyntaxError(line.bytes.toString(), error.offset, error.expected, number).message
        : `line ${number}: ${error.message}`;
    throw new Error(this.#count === 1 ? told : `${told} (and ${this.#count - 1} more of its lines are wrong)`);
  }
}

// The last byte but one ends the definition: a line that was cut short does not pass.
const USUAL = /^\{"name": ?"([ !#-[\]-~]+)", ?"definition": ?\{"kind": ?"entity"[,}]/;
const STANDS_FOR_ANOTHER = Buffer.from("cds.persistence.exists");
const ESCAPED_ASCII = Buffer.from("\\u00");

/** The name of a line that is surely an asset's, as far as that shows without parsing it. */
function nameAtSight(line: Buffer): string | undefined {
  const name = USUAL.exec(line.toString("latin1", 0, 256))?.[1];
  const isUsual =
    name !== undefined &&
    line.at(-1) === 0x7d &&
    line.at(-2) === 0x7d &&
    !line.includes(STANDS_FOR_ANOTHER) &&
    !line.includes(ESCAPED_ASCII);
  return isUsual && isUtf8(line) ? name : undefined;
}

function parsedName({ bytes }: Line): string | undefined {
  requireUtf8(bytes);
  if (bytes.toString().trim() === "") return undefined;
  const { name, isAsset } = findDefinition(bytes);
  return isAsset ? name : undefined;
}

/** Without a byte order mark and the return before a line's end. */
function withoutMark({ at, bytes }: Line): Line {
  const start = at === 0 ? textStart(bytes) : 0;
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
  return start === 0 && end === bytes.length ? { at, bytes } : { at: at + start, bytes: bytes.subarray(start, end) };
}
