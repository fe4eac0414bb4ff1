import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { giveBack } from "../../threads/give-back.ts";

/** Text that others are packed against: whatever both have in common costs next to nothing. */
export interface Dictionary {
  /** By which what was packed names it; at least 1. */
  readonly id: number;
  readonly content: Buffer;
}

/** The id of a dictionary that is no row of its own: the next newer version of the same asset. */
export const NEXT_VERSION = 0xffff_ffff;

/** Half as many bytes spare a third of the time that packing takes, and make what is packed a sixth larger. */
export const DICTIONARY_BYTES = 65_536;

/**
 * Packs a text: four bytes that name its dictionary (0: none), then a zstd frame. `summed` puts zstd's own sum of the text behind it, four
 * bytes, for a store whose sums are over what is packed: what is unpacked with anything but its dictionary is then no text.
 */
export function pack(text: string, dictionary: Dictionary | null, { summed = false }: { readonly summed?: boolean } = {}): Buffer {
  const bytes = bytesOf(text);
  const name = Buffer.alloc(NAME);
  name.writeUInt32LE(dictionary?.id ?? 0);
  const params = { ...(bytes.length > DICTIONARY_BYTES ? USUAL : SMALL), [constants.ZSTD_c_checksumFlag]: summed ? 1 : 0 };
  const options = { chunkSize: CHUNK, pledgedSrcSize: bytes.length, params };
  const frame = zstdCompressSync(bytes, dictionary === null ? options : { ...options, dictionary: dictionary.content });
  const packed = Buffer.concat([name, frame]);
  giveBack(bytes.buffer === ROOM.buffer ? [frame] : [frame, bytes]);
  return packed;
}

/** The id of the dictionary that it was packed with; 0 for none. */
export function dictionaryOf(packed: Uint8Array): number {
  return packed.length < NAME ? 0 : Buffer.from(packed.buffer, packed.byteOffset, NAME).readUInt32LE();
}

/** True for a snapshot that is packed against the next newer one. */
export function leansOnNext(stored: unknown): stored is Uint8Array {
  return stored instanceof Uint8Array && dictionaryOf(stored) === NEXT_VERSION;
}

/** Of an asset's versions, no more than this many in a row lean each on its next: so long is a walk to a text. The one behind them stands by itself. */
export const LONGEST_WALK = 15;

/** The text that was packed, in bounded memory; null where these bytes are none that were packed with that dictionary. A flipped bit may also give another text: whoever stores a text keeps its sum. */
export function unpack(packed: Uint8Array, dictionary: Buffer | null): string | null {
  const options = { chunkSize: CHUNK, maxOutputLength: LONGEST };
  try {
    const bytes = zstdDecompressSync(packed.subarray(NAME), dictionary === null ? options : { ...options, dictionary });
    const text = bytes.toString();
    giveBack([bytes]);
    return text;
  } catch {
    return null;
  }
}

/**
 * Makes a dictionary's content of texts that stand for all: one after the other, but none that those before it nearly say already.
 */
export function dictionaryContent(texts: Iterable<string>): Buffer {
  let content = Buffer.alloc(0);
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (content.length + bytes > DICTIONARY_BYTES) continue;
    const known = content.length > 0 && pack(text, { id: 1, content }).length * NEARLY_SAID < bytes;
    if (!known) content = Buffer.concat([content, Buffer.from(text)]);
  }
  return content;
}

/** The bytes of a text, until the next one is packed. */
function bytesOf(text: string): Buffer {
  return text.length * MOST_BYTES_OF_A_UNIT > ROOM.length ? Buffer.from(text) : ROOM.subarray(0, ROOM.write(text));
}

// Each text in bytes of its own would be left to the collector.
const ROOM = Buffer.allocUnsafeSlow(131_072);
const MOST_BYTES_OF_A_UNIT = 3;

const NAME = 4;
const USUAL = { [constants.ZSTD_c_compressionLevel]: 3 };

/** Tables no larger than a text and its dictionary fill: half a percent more bytes, and an eighth less time than it takes to clear larger ones. */
const SMALL = { ...USUAL, [constants.ZSTD_c_hashLog]: 14, [constants.ZSTD_c_chainLog]: 13 };

/**
 * What is made of a text fits into one of these mostly, and it is given back at once: so large a buffer lies in no pool. What is left to the
 * collector, which comes late, adds up to megabytes.
 */
const CHUNK = Math.max(16_384, Buffer.poolSize >>> 1);

/** Longer than any document that is read. */
const LONGEST = 1 << 26;

/** A text of which less than this part is new is known. */
const NEARLY_SAID = 8;
