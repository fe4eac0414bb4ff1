import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { AssetId } from "../../model/asset.ts";
import type { Listed, ListedText } from "../../model/listing.ts";
import { firstLine, lastLine } from "../../model/text-lines.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { ListedSum, SpooledListing } from "../../ports/spool.ts";
import { Columns, columnsFrom, type PageTexts, textsOf, textsOfListed, type Written } from "./listed-page.ts";
import { areApart, mergeRuns, type Repeated, type Run } from "./merge-runs.ts";
import { sharedRefs } from "./shared-refs.ts";

const HELD = 8_192;
const PAGE = 1_000;

/**
 * A listing in sorted runs: any order in, code-point order out. What a source yields in order, forwards or backwards, is never sorted and
 * never compared; a catalog that fits into one run never meets the disk. Nothing of it needs to last.
 *
 * A page becomes bytes as soon as it comes: thousands of ids, tokens and locators that wait for their turn would each be carried through several
 * collections, which took longer than all the rest.
 */
export class Listing {
  readonly #path: string;
  readonly #most: number;
  readonly #runs: Run[] = [];
  #held: Held[] = [];
  #heldIds = 0;
  readonly #room = new Room();
  readonly #scratch = new Room();
  #file: number | null = null;
  #size = 0;
  #count = 0;
  readonly #repeated = new Map<string, AssetId>();
  #areRefsIds = true;
  #isMerged = true;

  /** `held`: ids that stand in memory before they are written as a run. */
  constructor({ path = "", held = HELD }: { readonly path?: string; readonly held?: number }) {
    this.#path = path;
    this.#most = held;
  }

  add(items: readonly Listed[], refs: readonly string[]): void {
    for (let at = 0; at < items.length; at += PAGE) this.#addPage(items.slice(at, at + PAGE), refs.slice(at, at + PAGE));
  }

  addText(listed: ListedText, refs: readonly string[]): void {
    requireWellFormed(listed.ids);
    const page = this.#room.take(textsOfListed(listed, refs));
    this.#add({ ...page, first: firstLine(listed.ids), last: lastLine(listed.ids) }, listed.count);
  }

  #addPage(items: readonly Listed[], refs: readonly string[]): void {
    const page = Columns.of(items, refs, this.#repeat);
    this.#add(this.#taken(page), page.ids.length);
    this.#count += items.length - page.ids.length;
  }

  #add(page: Held, count: number): void {
    if (!page.areRefsIds) this.#areRefsIds = false;
    this.#held.push(page);
    this.#heldIds += count;
    this.#count += count;
    this.#isMerged = false;
    if (this.#heldIds >= this.#most) this.#write();
  }

  sum(): ListedSum {
    if (!this.#isMerged) {
      if (!areApart(this.#heldRuns())) {
        const pages = this.#merged();
        this.#release();
        this.#held = pages.map((page) => this.#taken(page));
      }
      // Only what overlaps can repeat an id: what does not is counted as it came.
      const runs = this.#all();
      if (!areApart(runs)) for (const _ of mergeRuns(runs, this.#repeat));
      this.#isMerged = true;
    }
    return { count: this.#count, repeated: this.#repeated };
  }

  *pages(): Generator<Columns> {
    yield* mergeRuns(this.#all(), () => undefined);
  }

  *rows(): Generator<readonly SpooledListing[]> {
    for (const page of this.pages()) yield page.ids.map((_, at) => page.at(at));
  }

  /** Places that several ids would take. */
  collisions(): Iterable<{ readonly ref: string; readonly ids: readonly AssetId[] }> {
    return this.#areRefsIds ? [] : sharedRefs(() => this.pages());
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  readonly #repeat = ({ id, scope }: Repeated): void => {
    this.#count--;
    this.#repeated.set(scope, id);
  };

  #all(): readonly Run[] {
    return [...this.#runs, ...this.#heldRuns()];
  }

  #taken(page: Columns): Held {
    return { ...endsOf(page), ...this.#room.take(textsOf(page)) };
  }

  #release(): void {
    this.#held = [];
    this.#room.used = 0;
  }

  #heldRuns(): readonly Run[] {
    return this.#held.map((page) => ({ first: page.first, last: page.last, pages: [() => columnsFrom(this.#room.bytes(page), page)] }));
  }

  #merged(): readonly Columns[] {
    return [...mergeRuns(this.#heldRuns(), this.#repeat)];
  }

  /** Pages that are apart become a run each, so that nothing is merged later either; others one together. */
  #write(): void {
    if (areApart(this.#heldRuns())) {
      const at = this.#append(this.#room.all());
      this.#runs.push(...this.#held.map((page) => ({ first: page.first, last: page.last, pages: [this.#onDisk(at + page.at, page)] })));
    } else {
      const pages = this.#merged();
      const [first, last] = [endsOf(pages[0] as Columns).first, endsOf(pages.at(-1) as Columns).last];
      this.#runs.push({ first, last, pages: pages.map((page) => this.#written(page)) });
    }
    this.#release();
    this.#heldIds = 0;
  }

  #written(page: Columns): () => Columns {
    this.#scratch.used = 0;
    const bytes = this.#scratch.take(textsOf(page));
    return this.#onDisk(this.#append(this.#scratch.all()), bytes);
  }

  /** Answers with where the bytes stand in the file. */
  #append(bytes: Buffer): number {
    const at = this.#size;
    this.#file ??= openSync(this.#path, "wx+", 0o600);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
    this.#size += bytes.length;
    return at;
  }

  #onDisk(at: number, written: PageBytes): () => Columns {
    return () => columnsFrom(this.#read(at, written.length), written);
  }

  #read(at: number, length: number): Buffer {
    const bytes = this.#scratch.of(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file as number, bytes, done, length - done, at + done);
      if (read === 0) throw new Error("the listing became shorter while it was read");
      done += read;
    }
    return bytes;
  }
}

/** A page that waits to be written. */
interface Held extends PageBytes {
  readonly first: AssetId;
  readonly last: AssetId;
}

function endsOf({ ids }: Columns): Pick<Held, "first" | "last"> {
  return { first: ids[0] as AssetId, last: ids.at(-1) as AssetId };
}

/** Where the bytes of a page stand in a room, and what it takes to read them. */
interface PageBytes extends Written {
  readonly at: number;
  readonly length: number;
  readonly areRefsIds: boolean;
}

/** The same bytes each time: those of each page anew would be left to the collector, which came for them only after 150 MB. */
class Room {
  used = 0;
  #bytes: Buffer = Buffer.alloc(0);

  /** The first so many bytes, whatever stood there. */
  of(length: number): Buffer {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(2 * length);
    return this.#bytes.subarray(0, length);
  }

  all(): Buffer {
    return this.#bytes.subarray(0, this.used);
  }

  bytes({ at, length }: PageBytes): Buffer {
    return this.#bytes.subarray(at, at + length);
  }

  /** Puts a page behind those that it holds. */
  take({ texts, scope, areRefsIds }: PageTexts): PageBytes {
    const sizes = texts.map((text) => Buffer.byteLength(text));
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const at = this.used;
    this.used += length;
    if (this.#bytes.length < this.used) {
      const more = Buffer.allocUnsafeSlow(2 * this.used);
      this.#bytes.copy(more, 0, 0, at);
      this.#bytes = more;
    }
    let written = at;
    for (const text of texts) written += this.#bytes.write(text, written);
    return { at, length, sizes, scope, areRefsIds };
  }
}
