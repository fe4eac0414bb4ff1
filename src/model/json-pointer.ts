/** A JSON Pointer (RFC 6901) of these keys: `/schema/columns/NETWR`, with `~` and `/` inside a key escaped. */
export function jsonPointer(...keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${escapeKey(String(key))}`).join("");
}

/** The keys that a JSON Pointer names, from the root. */
export function keysOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function escapeKey(key: string): string {
  return NEEDS_ESCAPE.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

const NEEDS_ESCAPE = /[~/]/;
