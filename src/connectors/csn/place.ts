import { hash } from "node:crypto";
import type { Span } from "../../csn/find-definitions.ts";
import type { Json } from "../../model/json.ts";
import type { OrderedLines } from "./ordered-lines.ts";

/** Where an asset's definition stands on the disk. In an `.ndjson` file the span is that of the whole line. */
export interface Place extends Span {
  readonly file: string;
  readonly layer?: Span;
}

/** An asset as a listing finds it. */
export interface Found {
  readonly name: string;
  /** {@link tokenOf} the bytes at its place. */
  readonly token: string;
  readonly place: Place;
}

/** Assets whose names ascend, as a listing finds them in one stretch of a file. */
export interface FoundInOrder {
  readonly file: string;
  /** Where the stretch begins in the file. */
  readonly start: number;
  readonly lines: OrderedLines;
}

/** The same one by one, the last one first. */
export function oneByOne({ file, start, lines: { names, tokens, ats, lengths } }: FoundInOrder): readonly Found[] {
  return names.map((name, i) => ({
    name,
    token: tokens[i] as string,
    place: { file, at: start + (ats[i] as number), length: lengths[i] as number },
  }));
}

/** A hash of the bytes that make an asset what it is: equal ones are equal definitions, whatever moved elsewhere in their file. */
export function tokenOf(definition: Uint8Array, layer?: Uint8Array): string {
  // No JSON value holds two values one after the other, so that nothing else gives the same bytes.
  return hash("sha256", layer === undefined ? definition : Buffer.concat([definition, Buffer.from("\n"), layer]));
}

/** The place as a listing carries it. */
export function toLocator({ file, at, length, layer }: Place): Json {
  return layer === undefined ? { file, at, length } : { file, at, length, layer: { at: layer.at, length: layer.length } };
}

/** The place that {@link toLocator} wrote. */
export function fromLocator(locator: Json): Place {
  return locator as unknown as Place;
}
