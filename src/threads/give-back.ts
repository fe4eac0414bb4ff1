/**
 * Gives the memory of large buffers back at once. Nobody may look at them, or at parts of them, afterwards.
 *
 * To the collector a megabyte of a file is a small object: it comes late, and a catalog's files pass through memory by the dozen.
 */
export function giveBack(buffers: Iterable<Buffer>): void {
  for (const { buffer } of buffers) {
    if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
  }
}
