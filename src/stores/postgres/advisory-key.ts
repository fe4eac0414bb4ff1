import { createHash } from "node:crypto";

/** The key of an advisory lock: as a number in text, and as `pg_locks` shows its two halves. */
export interface AdvisoryKey {
  readonly text: string;
  readonly high: string;
  readonly low: string;
}

/** 64 bits of the hash of what is locked: advisory locks are known by number, and shared by all that use the database. */
export function keyOf(what: readonly string[]): AdvisoryKey {
  const bits = createHash("sha256")
    .update(JSON.stringify(["tidemark", ...what]))
    .digest();
  return { text: String(bits.readBigInt64BE(0)), high: String(bits.readUInt32BE(0)), low: String(bits.readUInt32BE(4)) };
}
