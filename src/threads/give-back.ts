/**
 * Gives the memory of buffers back at once. Nobody may look at them, or at parts of them, afterwards. Parts of the pool in which Node puts
 * small ones stay as they are: others lie beside them.
 *
 * To the collector a buffer is a small object, whatever it holds: it comes late, and a catalog's files and packed texts pass through memory by the dozen.
 */
export function giveBack(buffers: Iterable<Buffer>): void {
  for (const { buffer } of buffers) {
    if (buffer instanceof ArrayBuffer && !buffer.detached && !isPool(buffer)) buffer.transfer(0);
  }
}

/** By its size alone: nothing else tells it. Whoever sets another leaves the one that is in use as it was. */
function isPool({ byteLength }: ArrayBuffer): boolean {
  return byteLength === FIRST_POOL || byteLength === Buffer.poolSize;
}

const FIRST_POOL = Buffer.allocUnsafe(1).buffer.byteLength;
