import type { AssetId } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";
import type { Listed, ListedText } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import { parseStored } from "../../model/stored-json.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { ListedPage, SpooledListing } from "../../ports/spool.ts";

/** Some listed ids by columns. Locators are JSON, a line each, while nobody asks for them: mostly a few of a page are. */
export class Columns implements ListedPage {
  readonly ids: readonly AssetId[];
  readonly tokens: readonly (string | null)[];
  readonly refs: readonly string[];
  readonly scopes: readonly string[] | string;
  readonly #locators: readonly Json[] | string;
  #lines: readonly string[] | null = null;

  constructor(
    ids: readonly AssetId[],
    tokens: readonly (string | null)[],
    refs: readonly string[],
    scopes: readonly string[] | string,
    locators: readonly Json[] | string,
  ) {
    this.ids = ids;
    this.tokens = tokens;
    this.refs = refs;
    this.scopes = scopes;
    this.#locators = locators;
  }

  /** The items in code-point order of their ids; of equal ids the first is taken and the others are told of. */
  static of(items: readonly Listed[], refs: readonly string[], onRepeated: (repeated: Listed) => void): Columns {
    const { ids, ascends } = idsOf(items);
    if (!ascends) {
      const order = [...ids.keys()].sort((a, b) => compareCodePoints(ids[a] as string, ids[b] as string) || a - b);
      const once = order.filter((at, i) => i === 0 || ids[order[i - 1] as number] !== ids[at]);
      const taken = new Set(once);
      if (once.length < order.length) for (const at of order) if (!taken.has(at)) onRepeated(items[at] as Listed);
      return Columns.of(
        once.map((at) => items[at] as Listed),
        once.map((at) => refs[at] as string),
        onRepeated,
      );
    }
    const [first] = items;
    const scope = first?.scope ?? "";
    const scopes = items.every((item) => item.scope === scope) ? scope : items.map((item) => item.scope);
    // Where every asset stands under its id there is one list of names, not two.
    const places = refs.every((ref, at) => ref === ids[at]) ? ids : refs;
    return new Columns(
      ids,
      items.map((item) => item.token),
      places,
      scopes,
      items.map((item) => item.locator),
    );
  }

  /** All locators as they are written. */
  get locatorText(): string {
    return typeof this.#locators === "string" ? this.#locators : this.#locators.map((locator) => JSON.stringify(locator)).join("\n");
  }

  /** The locator of one item as it is written. */
  locatorTextAt(index: number): string {
    if (typeof this.#locators !== "string") return JSON.stringify(this.#locators[index]);
    this.#lines ??= this.#locators.split("\n");
    return this.#lines[index] as string;
  }

  #locatorAt(index: number): Json {
    return typeof this.#locators === "string" ? parseStored(this.locatorTextAt(index)) : (this.#locators[index] as Json);
  }

  at(index: number): SpooledListing {
    return {
      id: this.ids[index] as AssetId,
      scope: this.scopeAt(index),
      token: this.tokens[index] as string | null,
      locator: this.#locatorAt(index),
      ref: this.refs[index] as string,
    };
  }

  scopeAt(index: number): string {
    return typeof this.scopes === "string" ? this.scopes : (this.scopes[index] as string);
  }
}

function idsOf(items: readonly Listed[]): { readonly ids: readonly AssetId[]; readonly ascends: boolean } {
  const ids: AssetId[] = [];
  let ascends = true;
  let last: AssetId | null = null;
  for (const { id } of items) {
    requireWellFormed(id);
    if (last !== null && compareCodePoints(last, id) >= 0) ascends = false;
    ids.push((last = id));
  }
  return { ids, ascends };
}

/** The bytes of a page, and what it takes to read them. */
export interface Written {
  readonly sizes: readonly number[];
  readonly scope: string | null;
}

/** A page's columns as text: ids, tokens, refs (empty where they are the ids), scopes (empty where all are one), locators. */
export interface PageTexts {
  readonly texts: readonly string[];
  readonly scope: string | null;
  readonly areRefsIds: boolean;
}

export function textsOf(page: Columns): PageTexts {
  const { ids, tokens, refs, scopes, locatorText } = page;
  const one = typeof scopes === "string";
  const areRefsIds = refs === ids;
  return {
    texts: [columnText(ids), columnText(tokens), areRefsIds ? "" : columnText(refs), one ? "" : columnText(scopes), locatorText],
    scope: one ? scopes : null,
    areRefsIds,
  };
}

export function textsOfListed({ scope, ids, tokens, locators }: ListedText, refs: readonly string[]): PageTexts {
  const places = columnText(refs);
  const areRefsIds = places === `=${ids}`;
  return { texts: [`=${ids}`, `=${tokens}`, areRefsIds ? "" : places, "", locators], scope, areRefsIds };
}

/** The page whose {@link textsOf} are these bytes. */
export function columnsFrom(bytes: Buffer, { sizes, scope }: Written): Columns {
  let at = 0;
  const [ids = "", tokens = "", refs = "", scopes = "", locators = ""] = sizes.map((size) => bytes.toString("utf8", at, (at += size)));
  const names = columnFrom(ids) as readonly AssetId[];
  return new Columns(
    names,
    columnFrom(tokens),
    refs === "" ? names : (columnFrom(refs) as readonly string[]),
    scope ?? (columnFrom(scopes) as readonly string[]),
    locators,
  );
}

// Values a line, which is quick; as JSON where a value is none that a line could hold.
function columnText(values: readonly (string | null)[]): string {
  return values.every((value) => value !== null && !value.includes("\n")) ? `=${values.join("\n")}` : JSON.stringify(values);
}

function columnFrom(text: string): readonly (string | null)[] {
  return text.startsWith("=") ? text.slice(1).split("\n") : (JSON.parse(text) as readonly (string | null)[]);
}
