import { isUtf8 } from "node:buffer";

const BYTE_ORDER_MARK = Buffer.from("\u{feff}");

/** Where a file's text begins: behind a byte order mark, which some editors write. */
export function textStart(bytes: Buffer): number {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/** Refuses bytes that would become other characters if they were taken for UTF-8. */
export function requireUtf8(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new Error("it is not UTF-8: save it in that encoding");
}
