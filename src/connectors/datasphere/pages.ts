import { z } from "zod";
import { compareCodePoints } from "../../model/order.ts";
import type { CallOptions } from "../../ports/call.ts";
import { bodyOf } from "./json-body.ts";
import { plain, wordsOf } from "./server-words.ts";
import { TenantError, type TenantHttp, type TenantReply } from "./tenant-http.ts";

/** A list that a tenant hands out page by page. */
export interface PagedList<Row> {
  /** What it is, for sentences that begin with "it": "the catalog of SALES". */
  readonly what: string;
  /** How many rows a page is asked for. At least 2, since pages overlap by one. */
  readonly top: number;
  /** The address of the page that begins behind so many rows. */
  readonly address: (skip: number) => string;
  readonly row: z.ZodType<Row>;
  /** What tells one row from all others of the list. */
  readonly keyOf: (row: Row) => string;
  /** The tenant may answer with the whole list, whichever page it is asked for: two answers that are the same are then all of it. */
  readonly mayComeWhole?: boolean;
  /** So many rows it had when it was last read: with no fewer, a page that is not full is its last one. Left out: that is asked for. */
  readonly expected?: number;
}

/** Rows of a list that were not in a page before, and the answer that they came in. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly reply: TenantReply;
}

/** How much of a list is read before it is called endless. */
export const PAGE_LIMITS: { readonly pages: number; readonly emptyPages: number; readonly bytes: number } = {
  pages: 100_000,
  emptyPages: 10,
  bytes: 16 * 1024 * 1024,
};

/**
 * Every row of a list, each once. That it ends without an error says that it is whole; a doubt of any kind is an error. It is one
 *
 * - where a page is no list, has a row of another form, or the same row again
 * - where the rows are not as many as the list says, or it says one number here and another there
 * - where a page does not begin with the last row of the one before: rows moved while we read (one before them was deleted, or came to
 *   be), or the tenant does not go by the number of rows to leave out
 * - where a link to the next page leads to another host, another path, another filter or a page that was read
 * - where it is longer than {@link PAGE_LIMITS}
 *
 * A tenant that says how many rows there are is taken at its word. From any other, the end is what two pages say: a short page may be
 * one that the tenant cut, so that the next one is asked for as well, and brings nothing new; unless the list is as long as expected.
 *
 * Throws {@link TenantError}, {@link PageRefused} for an answer other than 200, and the signal's reason.
 */
export async function* pages<Row>(http: TenantHttp, list: PagedList<Row>, options: CallOptions): AsyncIterable<Page<Row>> {
  const state = new Paging(list);
  for (let number = 1; number <= PAGE_LIMITS.pages; number++) {
    options.signal.throwIfAborted();
    const reply = await http.get({ url: state.next, accept: "application/json", max_bytes: PAGE_LIMITS.bytes }, options);
    const rows = state.take(reply);
    if (rows.length > 0) yield { rows, reply };
    if (state.ended) return;
  }
  throw new TenantError("too_large", `${list.what} has more than ${PAGE_LIMITS.pages} pages`);
}

/** An answer that is no page: the tenant's own decision, such as 403 or 404. */
export class PageRefused extends TenantError {
  readonly status: number;
  /** Counted from 1. */
  readonly page: number;

  constructor(reply: TenantReply, page: number) {
    super(reply.status === 403 ? "forbidden" : "unavailable", `it answers ${wordsOf(reply)}`);
    this.name = "PageRefused";
    this.status = reply.status;
    this.page = page;
  }
}

/** What was seen of a list, and where it goes on. */
class Paging<Row> {
  readonly #list: PagedList<Row>;
  readonly #body: z.ZodType<Body<Row>>;
  readonly #seen = new Set<string>();
  readonly #visited = new Set<string>();
  #next: string;
  #ended = false;
  /** The last row's key, where the next page is to begin with it. */
  #overlap: string | null = null;
  #last: string | null = null;
  #count: number | undefined;
  #context: string | undefined;
  #first: URL | undefined;
  #pages = 0;
  #emptyPages = 0;

  constructor(list: PagedList<Row>) {
    this.#list = list;
    this.#body = bodySchema(list.row);
    this.#next = list.address(0);
  }

  get next(): string {
    return this.#next;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The rows of a page that are new. */
  take(reply: TenantReply): readonly Row[] {
    this.#pages++;
    if (reply.status !== 200) throw new PageRefused(reply, this.#pages);
    this.#first ??= new URL(reply.url);
    this.#visited.add(reply.url);
    const body = bodyOf(reply, this.#body);
    this.#count = this.#same(this.#count, body["@odata.count"], "number of rows");
    this.#context = this.#same(this.#context, body["@odata.context"], "context");
    const fresh = this.#withoutOverlap(body.value);
    for (const row of fresh) this.#meet(this.#list.keyOf(row));
    this.#emptyPages = fresh.length === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > PAGE_LIMITS.emptyPages) throw this.#doubt("sends one empty page after the other");
    const link = body["@odata.nextLink"];
    if (link === undefined) this.#goOn(fresh.length, body.value.length >= this.#list.top);
    else this.#follow(link, reply.url);
    return fresh;
  }

  #same<T>(before: T | undefined, now: T | undefined, what: string): T | undefined {
    if (before !== undefined && now !== undefined && before !== now) {
      throw this.#doubt(`has another ${what} on a later page: ${plain(String(now))} after ${plain(String(before))}`);
    }
    return now ?? before;
  }

  #withoutOverlap(rows: readonly Row[]): readonly Row[] {
    if (this.#overlap === null) return rows;
    const [first, ...fresh] = rows;
    if (first === undefined) throw this.#doubt(`ends before row ${this.#seen.size}, which it had on the page before`);
    const key = this.#list.keyOf(first);
    if (key === this.#overlap) return fresh;
    if (this.#list.mayComeWhole === true && this.#isWhole(rows)) return [];
    const moved = `row ${this.#seen.size} was ${plain(this.#overlap)} and is ${plain(key)} now`;
    throw this.#doubt(`moved while it was read, or the tenant answers with another page than it is asked for: ${moved}`);
  }

  #isWhole(rows: readonly Row[]): boolean {
    return rows.length === this.#seen.size && rows.every((row) => this.#seen.has(this.#list.keyOf(row)));
  }

  #meet(key: string): void {
    if (this.#seen.has(key)) throw this.#doubt(`has ${plain(key)} twice`);
    this.#seen.add(key);
    this.#last = key;
    if (this.#count !== undefined && this.#seen.size > this.#count) throw this.#doubt(`says that it has ${this.#count} rows, and has more`);
  }

  #goOn(fresh: number, isFull: boolean): void {
    const isAsLongAsBefore = !isFull && this.#seen.size >= (this.#list.expected ?? Number.POSITIVE_INFINITY);
    const isWhole = this.#count === undefined ? isAsLongAsBefore || (fresh === 0 && this.#pages > 1) : this.#seen.size === this.#count;
    if (isWhole) {
      this.#ended = true;
      return;
    }
    if (this.#count !== undefined && fresh === 0) throw this.#doubt(`says that it has ${this.#count} rows, and has ${this.#seen.size}`);
    this.#overlap = this.#last;
    this.#next = this.#list.address(Math.max(0, this.#seen.size - 1));
  }

  #follow(link: string, from: string): void {
    const next = URL.canParse(link, from) ? new URL(link, from) : null;
    const first = this.#first as URL;
    const goesOn = `goes on at ${plain(link)}`;
    if (next === null || next.origin !== first.origin || next.username !== "" || next.password !== "") {
      throw new TenantError("foreign", `${this.#list.what} ${goesOn}, which is no address of the tenant, and was not asked`);
    }
    if (listOf(next) !== listOf(first))
      throw new TenantError("foreign", `${this.#list.what} ${goesOn}, which is another list, and was not asked`);
    if (this.#visited.has(next.href)) throw this.#doubt(`${goesOn}, which was read already`);
    this.#overlap = null;
    this.#next = next.href;
  }

  #doubt(what: string): TenantError {
    return new TenantError("unreadable", `${this.#list.what} ${what}`);
  }
}

interface Body<Row> {
  readonly value: readonly Row[];
  readonly "@odata.count"?: number | undefined;
  readonly "@odata.context"?: string | undefined;
  readonly "@odata.nextLink"?: string | undefined;
}

/** A page as OData writes it, or a bare list, which tenants answer with as well. */
function bodySchema<Row>(row: z.ZodType<Row>): z.ZodType<Body<Row>> {
  const odata = z.object({
    value: z.array(row),
    "@odata.count": z.int().min(0).optional(),
    "@odata.context": z.string().optional(),
    "@odata.nextLink": z.string().max(LONGEST_LINK).optional(),
  });
  return z.preprocess((body) => (Array.isArray(body) ? { value: body } : body), odata);
}

const LONGEST_LINK = 8_192;
const PAGING = new Set(["$skip", "$top", "$skiptoken", "$count", "$format", "skip", "top"]);

/** What an address asks for, whichever page of it. */
function listOf({ pathname, searchParams }: URL): string {
  const options = [...searchParams].filter(([name]) => !PAGING.has(name)).map(([name, value]) => `${name}=${value}`);
  return [decoded(pathname), ...options.toSorted(compareCodePoints)].join("\n");
}

// Quotes and brackets come encoded in one link and plain in another.
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
