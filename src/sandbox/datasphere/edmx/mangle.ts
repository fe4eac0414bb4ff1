/** A name as OData writes it: what is no letter, digit or underscore becomes an underscore. */
export function mangle(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_]/gu, "_");
}
