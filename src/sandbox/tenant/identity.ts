import { Rng } from "./rng.ts";
import { PREFIXES, ROLES, SUBJECTS } from "./vocabulary.ts";

/** How the names of an asset and its columns are written. */
export type NameStyle = "camel" | "upper" | "spaced" | "erp";

/** What other assets know of one without generating it: enough to relate to it. */
export interface Identity {
  readonly number: number;
  readonly space: string;
  /** Unique among all assets, whatever their case. */
  readonly name: string;
  readonly label: string;
  readonly style: NameStyle;
  /** Its first key column, and that column's label. */
  readonly key: string;
  readonly keyLabel: string;
}

/** What all assets of a tenant have in common. */
export interface World {
  readonly seed: number;
  readonly spaces: readonly string[];
}

/** The identity of asset number `number`, made of the world's seed and that number alone. */
export function identityOf({ seed, spaces }: World, number: number): Identity {
  const rng = new Rng(seed, number, 1);
  const space = drawSpace(spaces, rng);
  const style = rng.likely<NameStyle>({ camel: 5, upper: 5, spaced: 1, erp: 1 });
  const subject = rng.pick(SUBJECTS);
  const words = [...subject, ...(rng.chance(0.5) ? rng.pick(ROLES) : [])];
  const prefix = rng.chance(0.35) ? "" : rng.pick(PREFIXES);
  const body = style === "upper" || style === "erp" ? words.join("_").toUpperCase() : words.join("");
  const keyWords = [...subject, "ID"];
  return {
    number,
    space,
    name: `${prefix}${body}_${number.toString(36).toUpperCase()}`,
    label: words.join(" "),
    style,
    key: style === "erp" ? "BELNR" : columnName(keyWords, style),
    keyLabel: keyWords.join(" "),
  };
}

/** The space of asset number `number`, without the rest of its identity. */
export function spaceOf({ seed, spaces }: World, number: number): string {
  return drawSpace(spaces, new Rng(seed, number, 1));
}

// Squaring makes the first spaces the fullest, as spaces are never equally full.
function drawSpace(spaces: readonly string[], rng: Rng): string {
  return spaces[Math.floor(spaces.length * rng.next() ** 2)] ?? "SPACE";
}

/** Spells a column's words in a style. */
export function columnName(words: readonly string[], style: NameStyle): string {
  const parts = words.flatMap((word) => word.split(" "));
  switch (style) {
    case "camel":
      return parts.join("");
    case "spaced":
      return parts.join(" ");
    case "upper":
    case "erp":
      return parts.join("_").toUpperCase();
  }
}
