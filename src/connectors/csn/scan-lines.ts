import { findDefinition, type Span } from "../../csn/find-definitions.ts";
import { JsonSyntaxError } from "../../model/json-reader.ts";
import type { OpenFile } from "./disk.ts";
import { type Sight, sightHere } from "./line-sighters.ts";
import type { Line, OnDigest, Sighted } from "./lines-from-end.ts";
import { OrderedLines } from "./ordered-lines.ts";
import { type Found, type FoundInOrder, tokenOf } from "./place.ts";
import { readSpans } from "./read-spans.ts";
import { requireUtf8, textStart } from "./utf8.ts";

/**
 * Finds the assets of an `.ndjson` file, the last one first, in bounded memory. Lines that cannot be understood are passed over and
 * told at the end, by an error that names the first of them.
 *
 * A line in the form in which programs write it (see {@link sightHere}) is not parsed here: its name and
 * the hash of its bytes say all that a listing needs. What is wrong inside it is found when it is read, and told of that asset.
 */
export async function* scanLines(
  path: string,
  file: OpenFile,
  { sight = sightHere, onDigest }: { readonly sight?: Sight | undefined; readonly onDigest?: OnDigest | undefined } = {},
): AsyncIterable<readonly Found[] | FoundInOrder> {
  const faults = new Faults();
  let passed = 0;
  for await (const sighted of sight(file, onDigest)) {
    const { at: start, lines } = sighted;
    if (lines instanceof OrderedLines) {
      yield { file: path, start, lines };
      passed += lines.count;
      continue;
    }
    const found: Found[] = [];
    const { names, tokens, ats, lengths } = lines;
    const unusual = await unusualLines(file, sighted);
    for (let i = 0; i < names.length; i++, passed++) {
      const [at, length] = [start + (ats[i] as number), lengths[i] as number];
      if (names[i] !== "") {
        found.push({ name: names[i] as string, token: tokens[i] as string, place: { file: path, at, length } });
        continue;
      }
      const line = withoutMark({ at, bytes: unusual.next().value as Buffer });
      const name = faults.during(passed, line, parsedName);
      if (name !== undefined)
        found.push({ name, token: tokenOf(line.bytes), place: { file: path, at: line.at, length: line.bytes.length } });
    }
    if (found.length > 0) yield found;
  }
  faults.tell(passed);
}

/** The bytes of the lines that are not told at sight, in their order. */
async function unusualLines(file: OpenFile, { at, lines: { names, ats, lengths } }: Sighted): Promise<Iterator<Buffer>> {
  if (!names.includes("")) return [].values();
  const spans: Span[] = [];
  for (const [i, name] of names.entries()) if (name === "") spans.push({ at: at + (ats[i] as number), length: lengths[i] as number });
  return (await readSpans(file, spans)).values();
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

function parsedName({ bytes }: Line): string | undefined {
  requireUtf8(bytes);
  if (bytes.toString().trim() === "") return undefined;
  const { name, isAsset } = findDefinition(bytes);
  return isAsset ? name : undefined;
}

/** Without a byte order mark. */
function withoutMark(line: Line): Line {
  const start = line.at === 0 ? textStart(line.bytes) : 0;
  return start === 0 ? line : { at: start, bytes: line.bytes.subarray(start) };
}
