import { hash } from "node:crypto";
import type { Span } from "../../csn/find-definitions.ts";
import type { Json } from "../../model/json.ts";

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
