import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { AssetId } from "../../model/asset.ts";
import type { Listed } from "../../model/listing.ts";
import type { ListedSum, SpooledListing } from "../../ports/spool.ts";
import { Columns, columnsFrom, writtenColumns } from "./listed-page.ts";
import { areApart, mergeRuns, type Repeated, type Run } from "./merge-runs.ts";
import { sharedRefs } from "./shared-refs.ts";

const HELD = 8_192;
const PAGE = 1_000;

/**
 * A listing in sorted runs: any order in, code-point order out. What a source yields in order, forwards or backwards, is never sorted and
 * never compared; a catalog that fits into one run never meets the disk. Nothing of it needs to last.
 */
export class Listing {
  readonly #path: string;
  readonly #most: number;
  readonly #runs: Run[] = [];
  #held: Columns[] = [];
  #heldIds = 0;
  #file: number | null = null;
  #room: Buffer = Buffer.alloc(0);
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

  #addPage(items: readonly Listed[], refs: readonly string[]): void {
    const page = Columns.of(items, refs, this.#repeat);
    if (page.refs !== page.ids) this.#areRefsIds = false;
    this.#held.push(page);
    this.#heldIds += page.ids.length;
    this.#count += items.length;
    this.#isMerged = false;
    if (this.#heldIds >= this.#most) this.#write();
  }

  sum(): ListedSum {
    if (!this.#isMerged) {
      this.#held = merged(this.#held, this.#repeat);
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
    return [
      ...this.#runs,
      ...runsOf(
        this.#held,
        () => undefined,
        (page) => () => page,
      ),
    ];
  }

  #write(): void {
    this.#runs.push(...runsOf(this.#held, this.#repeat, (page) => this.#written(page)));
    this.#held = [];
    this.#heldIds = 0;
  }

  #written(page: Columns): () => Columns {
    const { texts, scope } = writtenColumns(page);
    const sizes = texts.map((text) => Buffer.byteLength(text));
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const bytes = this.#roomFor(length);
    let written = 0;
    for (const text of texts) written += bytes.write(text, written);
    const at = this.#size;
    this.#file ??= openSync(this.#path, "wx+", 0o600);
    for (let done = 0; done < length;) done += writeSync(this.#file, bytes, done, length - done, at + done);
    this.#size += length;
    return () => columnsFrom(this.#read(at, length), { sizes, scope });
  }

  /** The same bytes each time: those of each page anew would be left to the collector, which came for them only after 150 MB. */
  #roomFor(length: number): Buffer {
    if (this.#room.length < length) this.#room = Buffer.allocUnsafeSlow(2 * length);
    return this.#room.subarray(0, length);
  }

  #read(at: number, length: number): Buffer {
    const bytes = this.#roomFor(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file as number, bytes, done, length - done, at + done);
      if (read === 0) throw new Error("the listing became shorter while it was read");
      done += read;
    }
    return bytes;
  }
}

function runOf(pages: readonly Columns[], pageOf: (page: Columns) => () => Columns): Run {
  const [first, last] = [pages[0]?.ids[0], pages.at(-1)?.ids.at(-1)] as [AssetId, AssetId];
  return { first, last, pages: pages.map(pageOf) };
}

/** Pages as runs: each its own where none overlaps another, so that nothing is merged later either; else all as one. */
function runsOf(
  pages: readonly Columns[],
  onRepeated: (repeated: Repeated) => void,
  pageOf: (page: Columns) => () => Columns,
): readonly Run[] {
  const single = pages.map((page): Run => ({ first: page.ids[0] as AssetId, last: page.ids.at(-1) as AssetId, pages: [] }));
  return areApart(single) ? pages.map((page) => runOf([page], pageOf)) : [runOf(merged(pages, onRepeated), pageOf)];
}

function merged(pages: readonly Columns[], onRepeated: (repeated: Repeated) => void): Columns[] {
  return [
    ...mergeRuns(
      pages.map((page) => runOf([page], (one) => () => one)),
      onRepeated,
    ),
  ];
}
