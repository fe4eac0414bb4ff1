import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Disk, openDisk } from "../../src/connectors/csn/disk.ts";
import { csnSource } from "../../src/connectors/csn/source.ts";
import type { Problem } from "../../src/model/errors.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Listed, ListingCertificate, ListingEvent, Presence, ReadResult } from "../../src/model/listing.ts";
import type { Cost } from "../../src/model/report.ts";
import type { Meter } from "../../src/ports/meter.ts";
import type { Source, SourceMemory } from "../../src/ports/source.ts";

/** Files by their path in a folder of exports; one whose text is null is a folder. */
export interface Files {
  readonly [path: string]: string | Buffer | null;
}

/** A folder of exports that is gone when the test has finished. */
export function folderOf(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "tidemark-csn-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFiles(root, files);
  return root;
}

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(text === null ? join(root, path) : dirname(join(root, path)), { recursive: true });
    if (text !== null) writeFileSync(join(root, path), text);
  }
}

/** An entity of one column. */
export function entity(fields: JsonObject = {}): JsonObject {
  return { kind: "entity", elements: { ID: { type: "cds.Integer" } }, ...fields };
}

/** The text of a CSN export. */
export function csn(definitions: { readonly [name: string]: Json }, more: JsonObject = {}): string {
  return JSON.stringify({ definitions, version: { csn: "1.0" }, ...more });
}

/** A line of an `.ndjson` export, with its end. */
export function line(name: string, definition: Json = entity()): string {
  return `${JSON.stringify({ name, definition })}\n`;
}

/** A certificate of a complete listing. */
export function complete(scope: string, count: number): ListingCertificate {
  return { scope, complete: true, count };
}

/** A certificate of an incomplete listing; the problem may be a matcher. */
export function incomplete(scope: string, count: number, problem: unknown): unknown {
  return { scope, complete: false, count, problem };
}

/** Keeps every single cost. */
export class CountingMeter implements Meter {
  costs: Cost[] = [];

  count(cost: Cost): void {
    this.costs.push(cost);
  }

  during<T>(_label: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  slowest(): readonly [] {
    return [];
  }

  reading(): Cost {
    return { requests: this.costs.length, bytes: { sent: 0, received: this.costs.reduce((sum, { bytes }) => sum + bytes.received, 0) } };
  }
}

export const signal: AbortSignal = new AbortController().signal;

/** A whole listing, sorted out by kind of event. */
export interface WholeListing {
  readonly listed: readonly Listed[];
  readonly ids: readonly string[];
  readonly certificates: readonly ListingCertificate[];
  readonly problems: readonly Problem[];
}

/** A source over a folder, with all that its tests ask of it. */
export interface TestedSource {
  readonly source: Source;
  readonly meter: CountingMeter;
  /** What the source remembers between listings, as a store would keep it. */
  readonly remembered: Map<string, Json>;
  events(known?: readonly string[]): Promise<ListingEvent[]>;
  list(known?: readonly string[]): Promise<WholeListing>;
  read(items: readonly Listed[]): Promise<ReadResult[]>;
  confirm(...ids: readonly string[]): Promise<ReadonlyMap<string, Presence>>;
}

export function sourceOf(path: string, options: { readonly space?: string; readonly disk?: (real: Disk) => Disk } = {}): TestedSource {
  const meter = new CountingMeter();
  const { space, disk = (real: Disk) => real } = options;
  const source = csnSource(disk(openDisk(path, meter)), { owners: {}, stewards: {}, tags: {}, ...(space === undefined ? {} : { space }) });
  const remembered = new Map<string, Json>();
  const memory: SourceMemory = {
    get: (key) => Promise.resolve(remembered.get(key)),
    set: (key, value) => void remembered.set(key, JSON.parse(JSON.stringify(value)) as Json),
  };
  const events = (known: readonly string[] = []): Promise<ListingEvent[]> =>
    Array.fromAsync(source.list({ signal, memory, known: new Set(known) }));
  return {
    source,
    meter,
    remembered,
    events,
    async list(known) {
      const all = await events(known);
      const listed = all.flatMap((event) => (event.kind === "listed" ? event.items : []));
      return {
        listed,
        ids: listed.map(({ id }) => id).toSorted(),
        certificates: all.flatMap((event) => (event.kind === "certificate" ? [event.certificate] : [])),
        problems: all.flatMap((event) => (event.kind === "problem" ? [event.problem] : [])),
      };
    },
    read: (items) => Array.fromAsync(source.read(items, { signal })),
    confirm: (...ids) => source.confirm(ids, { signal }),
  };
}
