import { type FileHandle, open } from "node:fs/promises";
import type { PlanRecord } from "../../model/plan.ts";
import { planLine, planRecordFrom } from "../../model/plan-line.ts";
import type { PlanPart } from "../../ports/spool.ts";
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
    for (const record of records) this.#held.add(partOf(record));
  }

  /** What was appended so far, or those parts of it. */
  async *pages(parts?: readonly PlanPart[]): AsyncIterable<readonly PlanRecord[]> {
    const wanted = new Set(parts ?? this.#held);
    if (this.#held.isDisjointFrom(wanted)) return;
    await using file = await open(this.#path, "r");
    let rest = "";
    // A stream's `end` is the last byte it reads.
    for await (const chunk of file.createReadStream({
      autoClose: false,
      encoding: "utf8",
      highWaterMark: PAGE_BYTES,
      end: this.#size - 1,
    })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() as string;
      const page = recordsIn(lines, wanted);
      if (page.length > 0) yield page;
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

/** A page is what this many bytes hold, and at least one record. */
const PAGE_BYTES = 1 << 20;

function recordsIn(lines: readonly string[], wanted: ReadonlySet<string>): readonly PlanRecord[] {
  return lines.flatMap((line) => {
    const end = line.indexOf(" ");
    return wanted.has(line.slice(0, end)) ? [planRecordFrom(line.slice(end + 1))] : [];
  });
}
