import { z } from "zod";
import type { CallOptions } from "../../../ports/call.ts";
import { type PagedList, PageRefused, pages } from "../pages.ts";
import type { TenantHttp } from "../tenant-http.ts";
import { type ExposedAsset, exposedAsset } from "./exposed-asset.ts";
import { type Generation, GENERATIONS, isUnknownPath } from "./generations.ts";

/** The catalog of a tenant: what it exposes for consumption. All of it throws `TenantError`, and `PageRefused` for a refusal. */
export class Catalog {
  readonly #http: TenantHttp;
  #generation: Promise<Generation> | null = null;
  #counts = true;

  constructor(http: TenantHttp) {
    this.#http = http;
  }

  /** The spaces that the technical user is a member of. */
  async spaces(options: CallOptions): Promise<readonly string[]> {
    const found: string[] = [];
    const list = { what: "the list of spaces", path: "/spaces", row: spaceRow, keyOf: nameOf, mayComeWhole: true };
    for await (const rows of this.#list(list, options)) {
      found.push(...rows.map(({ name }) => name));
    }
    return found;
  }

  /** Every asset of a space that is exposed, in batches. That it ends without an error says that these are all. */
  async *assets(space: string, options: CallOptions): AsyncIterable<readonly ExposedAsset[]> {
    const ofSpace = exposedAsset.refine((asset) => asset.space === space, { error: "an asset of another space" });
    yield* this.#list({ what: `the catalog of ${space}`, path: `/spaces(${key(space)})/assets`, row: ofSpace, keyOf: nameOf }, options);
  }

  async *#list<Row>({ path, ...list }: CatalogList<Row>, options: CallOptions): AsyncIterable<readonly Row[]> {
    const root = await this.#root(options);
    const paged = (isCounted: boolean): PagedList<Row> => ({
      ...list,
      top: PAGE,
      address: (skip) => `${root}${path}?$top=${PAGE}&$skip=${skip}${isCounted ? "&$count=true" : ""}`,
    });
    const isCounted = this.#counts;
    try {
      for await (const page of pages(this.#http, paged(isCounted), options)) yield page.rows;
    } catch (error) {
      // Some collections of a tenant cannot be counted. Nothing was handed out yet: it is the first page that is refused.
      if (!(error instanceof PageRefused) || error.status !== 400 || error.page > 1 || !isCounted) throw error;
      this.#counts = false;
      for await (const page of pages(this.#http, paged(false), options)) yield page.rows;
    }
  }

  async #root(options: CallOptions): Promise<string> {
    this.#generation ??= this.#answering(options);
    try {
      return GENERATIONS[await this.#generation].catalog;
    } catch (error) {
      this.#generation = null;
      throw error;
    }
  }

  /** The generation of paths that the tenant answers on: today's, unless it does not know them. */
  async #answering(options: CallOptions): Promise<Generation> {
    const rootOf = (generation: Generation): ReturnType<TenantHttp["get"]> =>
      this.#http.get({ url: GENERATIONS[generation].catalog, accept: JSON_TYPE, max_bytes: LARGEST_ENTITY }, options);
    const today = await rootOf("new");
    if (!isUnknownPath(today.status)) return "new";
    const before = await rootOf("old");
    if (before.status === 200) return "old";
    throw new PageRefused(today, 1);
  }
}

const PAGE = 500;
const JSON_TYPE = "application/json";
const LARGEST_ENTITY = 1024 * 1024;

type CatalogList<Row> = Omit<PagedList<Row>, "top" | "address"> & { readonly path: string };

const spaceRow = z.object({ name: z.string().min(1).max(256) });

/** A key in a path of OData, in which a quote is doubled. */
function key(text: string): string {
  return `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
