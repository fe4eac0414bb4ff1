import { hash } from "node:crypto";
import { findDefinitions, holdsFlowsAlone, type Span } from "../../csn/find-definitions.ts";
import type { OpenFile } from "./disk.ts";
import { type Found, tokenOf } from "./place.ts";
import type { OnDigest } from "./lines-from-end.ts";
import type { SpaceMemory } from "./space-memory.ts";
import { requireUtf8, textStart } from "./utf8.ts";

/** The largest export that is read, in bytes: it stands in memory whole while its definitions are found. */
export const MAX_DOCUMENT: number = 256 * 1024 * 1024;

interface DocumentOptions {
  readonly onFlows?: (() => void) | undefined;
  readonly onDigest?: OnDigest | undefined;
}

/**
 * Finds the assets of a `.json` export, the last one first. An export with the bytes of the last run is not parsed again. `onFlows` is
 * called for one that holds flows or task chains alone, `onDigest` with the digest of its bytes.
 */
export async function* scanDocument(
  path: string,
  file: OpenFile,
  memory: SpaceMemory,
  { onFlows, onDigest }: DocumentOptions = {},
): AsyncIterable<readonly Found[]> {
  if (file.size > MAX_DOCUMENT) throw new Error(`it is larger than ${MAX_DOCUMENT / 1024 / 1024} MiB; export it in parts, or as .ndjson`);
  const bytes = await file.read(0, file.size);
  const sha = hash("sha256", bytes);
  onDigest?.(sha);
  const found = memory.recall(path, sha) ?? findAll(path, bytes);
  memory.keep(path, sha, found);
  if (found.length === 0 && holdsFlowsAlone(bytes.subarray(textStart(bytes)))) onFlows?.();
  yield found.toReversed();
}

function findAll(path: string, bytes: Buffer): readonly Found[] {
  requireUtf8(bytes);
  const start = textStart(bytes);
  const text = bytes.subarray(start);
  const cut = ({ at, length }: Span): Buffer => text.subarray(at, at + length);
  const inFile = ({ at, length }: Span): Span => ({ at: start + at, length });
  return findDefinitions(text).map(({ name, layer, ...definition }) => ({
    name,
    token: tokenOf(cut(definition), layer && cut(layer)),
    place: { file: path, ...inFile(definition), ...(layer === undefined ? {} : { layer: inFile(layer) }) },
  }));
}
