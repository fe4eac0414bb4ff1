import { createHash } from "node:crypto";
import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import type { FileSystem } from "../../ports/file-system.ts";
import type { Meter } from "../../ports/meter.ts";
import type { Observed } from "../../ports/target.ts";
import { fingerprintOf, markIn, onlyDefinition, parseDocument } from "./export-document.ts";

/** A file that is there, as it was read. */
export type Present = Extract<Observed, { state: "present" }>;

/** Looks at the folder that files are written to. Each file that is read counts as a request. */
export class ExportFolder {
  readonly #path: string;
  readonly #files: FileSystem;
  readonly #meter: Meter;

  constructor(path: string, files: FileSystem, meter: Meter) {
    this.#path = path;
    this.#files = files;
    this.#meter = meter;
  }

  pathOf(ref: string): string {
    return join(this.#path, ref);
  }

  async read(ref: string): Promise<Observed> {
    try {
      const bytes = await this.#files.read(this.pathOf(ref));
      this.#meter.count({ requests: 1, bytes: { sent: 0, received: bytes?.length ?? 0 } });
      return bytes === null ? { state: "absent", ref } : observedFile(ref, bytes);
    } catch (error) {
      const message = `${this.pathOf(ref)} could not be read (${(error as Error).message}). Mend the file's rights, then run again.`;
      return { state: "unknown", ref, problem: { code: "outcome_unknown", message } };
    }
  }

  /** Every file with the mark of a pipeline. Throws `target_unavailable` where not all of the folder is to be seen. */
  async *scan(pipeline: string, signal: AbortSignal): AsyncIterable<readonly Present[]> {
    for (const space of await this.#namesIn(this.#path)) {
      const names = (await this.#namesIn(this.pathOf(space))).filter((name) => name.endsWith(".json"));
      for (let at = 0; at < names.length; at += BATCH) {
        signal.throwIfAborted();
        const found = await Promise.all(names.slice(at, at + BATCH).map((name) => this.read(`${space}/${name}`)));
        const own = found.flatMap((file): Present[] => {
          if (file.state === "unknown") throw new TidemarkError("target_unavailable", file.problem.message);
          return file.state === "present" && file.mark?.pipeline === pipeline ? [file] : [];
        });
        if (own.length > 0) yield own;
      }
    }
  }

  /** What lies in a folder; nothing where it is a file or is not there. */
  async #namesIn(folder: string): Promise<readonly string[]> {
    try {
      return await this.#files.list(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [];
      throw new TidemarkError("target_unavailable", `The target's folder ${folder} cannot be read: ${(error as Error).message}.`, {
        remedy: "Check the target's `path` and that this user may read it.",
        cause: error,
      });
    }
  }
}

/** Files read at a time. */
const BATCH = 100;

/** What a file's bytes tell. One that is no export of a single definition is none that we write, whatever it says. */
export function observedFile(ref: string, bytes: Uint8Array): Present {
  const document = parseDocument(bytes);
  const revision = createHash("sha256").update(bytes).digest("hex");
  if (document === null || onlyDefinition(document) === null) {
    const untouchable = document === null ? "a file that is no JSON object" : "an export of several definitions, or of none,";
    return { state: "present", ref, revision, document: document ?? {}, mark: null, fingerprint: "", untouchable };
  }
  return { state: "present", ref, revision, document, mark: markIn(document)?.mark ?? null, fingerprint: fingerprintOf(document) };
}
