import { createHash } from "node:crypto";

/** A strong entity tag of a text, in quotes. */
export function etagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64")}"`;
}

/** Whether `If-None-Match` names the tag. A weak tag there matches the strong one, as the protocol says for reads. */
export function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}
