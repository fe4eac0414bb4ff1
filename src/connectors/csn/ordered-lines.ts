import { firstLine, lastLine } from "../../model/text-lines.ts";
import type { SightedLines } from "./usual-lines.ts";

/** Lines by columns, in the order of their file. `names` and `tokens` are joined by line ends, which none of them holds. */
export interface LineColumns {
  readonly names: string;
  readonly tokens: string;
  readonly ats: Uint32Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/** Lines whose names are all told at sight and ascend strictly: they pass on as the texts that they came in, and cost no object each. */
export class OrderedLines implements SightedLines {
  readonly columns: LineColumns;
  #lines: SightedLines | null = null;

  constructor(columns: LineColumns) {
    this.columns = columns;
  }

  get count(): number {
    return this.columns.ats.length;
  }

  get first(): string {
    return firstLine(this.columns.names);
  }

  get last(): string {
    return lastLine(this.columns.names);
  }

  get names(): readonly string[] {
    return this.#fromEnd.names;
  }

  get tokens(): readonly string[] {
    return this.#fromEnd.tokens;
  }

  get ats(): ArrayLike<number> {
    return this.#fromEnd.ats;
  }

  get lengths(): ArrayLike<number> {
    return this.#fromEnd.lengths;
  }

  /** With a line behind them, which begins at `at` of their stretch; null where that does not continue them. */
  followedBy({ names, tokens, ats, lengths }: SightedLines, at: number): OrderedLines | null {
    const [name, token] = [names[0] ?? "", tokens[0] as string];
    if (names.length !== 1 || name === "" || name <= this.last) return null;
    const { columns } = this;
    return new OrderedLines({
      names: `${columns.names}\n${name}`,
      tokens: `${columns.tokens}\n${token}`,
      ats: appended(columns.ats, at + (ats[0] as number)),
      lengths: appended(columns.lengths, lengths[0] as number),
    });
  }

  get #fromEnd(): SightedLines {
    return (this.#lines ??= fromEnd(this.columns));
  }
}

/** The same by columns from the last line to the first. */
export function fromEnd({ names, tokens, ats, lengths }: LineColumns): SightedLines {
  return {
    names: names.split("\n").reverse(),
    tokens: tokens.split("\n").reverse(),
    ats: ats.toReversed(),
    lengths: lengths.toReversed(),
  };
}

/** Lines as columns, and whether they are {@link OrderedLines}. Names that are told at sight are ASCII, whose order is that of code points. */
export function columnsOf(lines: SightedLines): LineColumns & { readonly isOrdered: boolean } {
  const names = lines.names.toReversed();
  return {
    names: names.join("\n"),
    tokens: lines.tokens.toReversed().join("\n"),
    ats: Uint32Array.from(lines.ats).reverse(),
    lengths: Uint32Array.from(lines.lengths).reverse(),
    isOrdered: names.every((name, i) => name !== "" && (i === 0 || (names[i - 1] as string) < name)),
  };
}

function appended(to: Uint32Array, value: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(to.length + 1);
  longer.set(to);
  longer[to.length] = value;
  return longer;
}
