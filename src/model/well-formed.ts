import { AssetError } from "./errors.ts";

/**
 * Answers with the name as it is, or refuses one that holds half of a surrogate pair: UTF-8 has no bytes for it, so that a store, a
 * file or a request would put another character there in silence, and two names could become one.
 */
export function requireWellFormed(name: string): string {
  if (name.isWellFormed()) return name;
  throw new AssetError(
    "value_unrepresentable",
    `The name ${JSON.stringify(name)} holds half of a surrogate pair, which no file or request can carry.`,
  );
}
