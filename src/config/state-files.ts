import { readFile, stat } from "node:fs/promises";
import type { BackupInput } from "../engine/backup-file.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { linesOf, writeProved } from "../stores/backups/index.ts";

/** A backup or an export at a path of its own. */
export function stateFile(path: string): BackupInput {
  return { name: path, lines: () => linesOf(path) };
}

/** Writes a file of lines, whole or not at all; compressed where its name ends with `.zst`. Answers with its bytes. */
export async function writeStateFile(path: string, text: AsyncIterable<string>): Promise<number> {
  return await writeProved(path, text);
}

/** Larger files of the original program are not read: it held all of them in memory itself. */
const LARGEST_BYTES = 512 << 20;

/** The document in a file, if it is one JSON document: what the original program wrote. Null for anything else. */
export async function jsonDocument(path: string): Promise<Json | null> {
  try {
    if ((await stat(path)).size > LARGEST_BYTES) return null;
    return parseJson(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new TidemarkError("input_invalid", `${path} cannot be read: there is no such file.`, { remedy: "Name a file that is there." });
    return null;
  }
}
