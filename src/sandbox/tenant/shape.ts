import type { Rng } from "./rng.ts";

/** What an asset is for; the value of its modelling pattern. */
export type Usage = "DATA_STRUCTURE" | "ANALYTICAL_DIMENSION" | "ANALYTICAL_FACT" | "LANGUAGE_DEPENDENT_TEXT";

/** Where the data of an asset comes from. */
export type Kind = "table" | "dataset" | "remote" | "view" | "sql_view";

/** How an asset looks, drawn before any of its parts. The distributions are those of real exports. */
export interface Shape {
  readonly kind: Kind;
  readonly usage: Usage;
  /** Columns. */
  readonly width: number;
  /** Associations to other assets. */
  readonly relations: number;
  /** Whether columns carry the annotations of a modelled object, or little more than their types. */
  readonly rich: boolean;
  /** Whether `key: false` is spelt out. */
  readonly flags: boolean;
}

export function drawShape(rng: Rng): Shape {
  const width = drawWidth(rng);
  const wide = width > 30;
  const kind = rng.likely<Kind>(wide ? KINDS.wide : width < 6 ? KINDS.narrow : KINDS.usual);
  const usage = rng.likely<Usage>(width <= 3 ? USAGES.narrow : USAGES.usual);
  const modelled = usage !== "DATA_STRUCTURE" && !wide;
  return {
    kind,
    usage,
    width,
    relations: modelled ? Number(rng.likely({ "0": 6, "1": 3, "2": 2, "4": 1 })) : 0,
    rich: rng.chance(wide && !isView(kind) ? 0.1 : 0.8),
    flags: rng.chance(wide ? 0.15 : 0.35),
  };
}

/** True where the asset has a query. */
export function isView(kind: Kind): boolean {
  return kind === "view" || kind === "sql_view";
}

const KINDS = {
  narrow: { table: 55, dataset: 20, remote: 4, view: 18, sql_view: 3 },
  usual: { table: 28, dataset: 9, remote: 5, view: 50, sql_view: 8 },
  wide: { table: 42, dataset: 10, remote: 18, view: 36, sql_view: 8 },
} as const;

const USAGES = {
  narrow: { LANGUAGE_DEPENDENT_TEXT: 5, ANALYTICAL_DIMENSION: 3, ANALYTICAL_FACT: 0, DATA_STRUCTURE: 4 },
  usual: { LANGUAGE_DEPENDENT_TEXT: 3, ANALYTICAL_DIMENSION: 37, ANALYTICAL_FACT: 18, DATA_STRUCTURE: 40 },
} as const;

// The quantiles of column counts in real exports; between two of them, all counts are as likely.
const QUANTILES = [0, 0.1, 0.25, 0.5, 0.75, 0.88, 0.9, 0.985, 1];
const WIDTHS = [2, 3, 4, 8, 13, 50, 58, 72, 123];

function drawWidth(rng: Rng): number {
  const at = rng.next();
  const upper = QUANTILES.findIndex((quantile) => quantile > at);
  const [from = 0, to = 1] = QUANTILES.slice(upper - 1, upper + 1);
  const [low = 2, high = 123] = WIDTHS.slice(upper - 1, upper + 1);
  return Math.round(low + ((at - from) / (to - from)) * (high - low));
}
