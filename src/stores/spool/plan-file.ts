import { type FileHandle, open } from "node:fs/promises";
import type { PlanRecord } from "../../model/plan.ts";
import { planLine, planRecordFrom } from "../../model/plan-line.ts";
import type { PlanPart } from "../../ports/spool.ts";
import { giveBack } from "../../threads/give-back.ts";
import { partOf } from "./plan-part.ts";

/**
 * The records of a plan as lines in a file: appended, and read back in pages. A line is the record's part, a blank, its JSON: a plan is
 * read several times, each time for other parts, and a line that is not asked for need not be parsed.
 */
export class PlanFile {
  readonly #path: string;
  readonly #held = new Set<PlanPart>();
  #file: FileHandle | null = null;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async append(records: readonly PlanRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#file ??= await open(this.#path, "ax", 0o600);
    const bytes = Buffer.from(records.map((record) => `${partOf(record)} ${planLine(record)}`).join(""));
    await this.#file.appendFile(bytes);
    this.#size += bytes.length;
    giveBack([bytes]);
    for (const record of records) this.#held.add(partOf(record));
  }

  /** What was appended so far, or those parts of it. */
  async *pages(parts?: readonly PlanPart[]): AsyncIterable<readonly PlanRecord[]> {
    const wanted = new Set(parts ?? this.#held);
    if (this.#held.isDisjointFrom(wanted)) return;
    await using file = await open(this.#path, "r");
    let room: Buffer = Buffer.allocUnsafe(PAGE_BYTES);
    let held = 0;
    const size = this.#size;
    try {
      for (let at = 0; at < size;) {
        if (held === room.length) room = enlarged(room);
        const { bytesRead } = await file.read(room, held, Math.min(room.length - held, size - at), at);
        if (bytesRead === 0) break;
        at += bytesRead;
        held += bytesRead;
        const { page, end } = recordsIn(room.subarray(0, held), wanted);
        room.copyWithin(0, end, held);
        held -= end;
        if (page.length > 0) yield page;
      }
    } finally {
      giveBack([room]);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

/** A page is what this many bytes hold, or the room that the longest line before it took, and at least one record. */
const PAGE_BYTES = 1 << 18;
const NEWLINE = 0x0a;
const BLANK = 0x20;

function enlarged(room: Buffer): Buffer {
  const larger = Buffer.concat([room], 2 * room.length);
  giveBack([room]);
  return larger;
}

/**
 * The records of these parts in the whole lines of some bytes, and where those end. Each line becomes a text of its own: as a slice of one
 * of many lines it would keep them all in memory.
 */
function recordsIn(bytes: Buffer, wanted: ReadonlySet<string>): { readonly page: readonly PlanRecord[]; readonly end: number } {
  const page: PlanRecord[] = [];
  let end = 0;
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, end)) {
    const blank = bytes.indexOf(BLANK, end);
    if (wanted.has(bytes.toString("latin1", end, blank))) page.push(planRecordFrom(bytes.toString("utf8", blank + 1, newline)));
    end = newline + 1;
  }
  return { page, end };
}
