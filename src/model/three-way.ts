/**
 * Merges one value that two sides may have changed since they last agreed on `base`. An absent value is a value too: a deletion against
 * a change is a conflict like any other. Values are compared by identity.
 */
export function mergeValue<T>(base: T, ours: T, theirs: T): { readonly conflict: false; readonly value: T } | { readonly conflict: true } {
  if (ours === theirs || theirs === base) return { conflict: false, value: ours };
  if (ours === base) return { conflict: false, value: theirs };
  return { conflict: true };
}
