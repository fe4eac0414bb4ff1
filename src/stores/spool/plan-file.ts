import { type FileHandle, open } from "node:fs/promises";
import type { PlanRecord } from "../../model/plan.ts";
import { planLine, planRecordFrom } from "../../model/plan-line.ts";

/** The records of a plan as JSON lines in a file: appended, and read back in pages. */
export class PlanFile {
  readonly #path: string;
  #file: FileHandle | null = null;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async append(records: readonly PlanRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#file ??= await open(this.#path, "ax", 0o600);
    const bytes = Buffer.from(records.map(planLine).join(""));
    await this.#file.appendFile(bytes);
    this.#size += bytes.length;
  }

  /** What was appended so far. */
  async *pages(): AsyncIterable<readonly PlanRecord[]> {
    if (this.#size === 0) return;
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
      if (lines.length > 0) yield lines.map(planRecordFrom);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

/** A page is what this many bytes hold, and at least one record. */
const PAGE_BYTES = 1 << 20;
