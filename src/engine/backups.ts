import type { StateHead } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { BackupShelf } from "../ports/backup-shelf.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Clock } from "../ports/clock.ts";
import { type BackupHeader, type BackupInput, type BackupReason, backupText, proveBackup, readHeader } from "./backup-file.ts";
import { exportState } from "./export-state.ts";

/** A backup on the shelf. */
export interface Backup extends BackupHeader {
  readonly file: string;
  readonly bytes: number;
}

/** What is on a shelf, newest first, and what of it is no backup any more. */
export interface Shelved {
  readonly backups: readonly Backup[];
  readonly damaged: readonly { readonly file: string; readonly message: string }[];
}

/** What one backup came to. */
export interface MadeBackup {
  readonly file: string;
  readonly reason: BackupReason;
  readonly generation: number;
  readonly checkpoints: number;
  readonly bytes: number;
  readonly duration_ms: number;
}

/** Reads the first line of every backup. Those that were damaged later, further down, show when they are proved. */
export async function shelved(shelf: BackupShelf): Promise<Shelved> {
  const backups: Backup[] = [];
  const damaged: { file: string; message: string }[] = [];
  for (const { name, bytes } of await shelf.list()) {
    try {
      backups.push({ ...(await readHeader(fromShelf(shelf, name))), file: name, bytes });
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      damaged.push({ file: name, message: error.message });
    }
  }
  return { backups: backups.sort((a, b) => b.number - a.number), damaged };
}

/** Reads every backup to its end. */
export async function proveShelf(shelf: BackupShelf): Promise<{ readonly good: number; readonly damaged: Shelved["damaged"] }> {
  const damaged: { file: string; message: string }[] = [];
  const files = await shelf.list();
  for (const { name } of files) {
    try {
      await proveBackup(fromShelf(shelf, name));
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      damaged.push({ file: name, message: error.message });
    }
  }
  return { good: files.length - damaged.length, damaged };
}

/** A file of the shelf, to be read. */
export function fromShelf(shelf: BackupShelf, name: string): BackupInput {
  return { name, lines: () => shelf.lines(name) };
}

/**
 * Makes a backup of the moment that the reader reads: written whole, durable, and read back to the last byte before it takes its name. Null where
 * there is no state.
 */
export async function backUp(shelf: BackupShelf, reader: CheckpointReader, clock: Clock, reason: BackupReason): Promise<MadeBackup | null> {
  const head = await reader.head();
  if (head === null) return null;
  const started = clock.monotonic();
  const [{ backups }, checkpoints] = [await shelved(shelf), await reader.count()];
  const taken = new Set((await shelf.list()).map(({ name }) => name));
  const { made_at, name } = freeName(head, clock.now(), shelf.suffix, taken);
  const { pipeline, source_system, lineage, generation } = head;
  const number = (backups[0]?.number ?? 0) + 1;
  const text = backupText({ number, pipeline, source_system, lineage, generation, checkpoints, made_at, reason }, exportState(reader));
  const { bytes } = await shelf.write(name, text);
  return { file: name, reason, generation, checkpoints, bytes, duration_ms: Math.round(clock.monotonic() - started) };
}

/** Time is only a label in a name: where the same second has a backup of the same generation already, the next free one is taken. */
function freeName(
  { source_system, generation }: StateHead,
  now: number,
  suffix: string,
  taken: ReadonlySet<string>,
): { readonly made_at: string; readonly name: string } {
  for (let at = now; ; at += 1_000) {
    const made_at = new Date(at).toISOString();
    const stamp = `${made_at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    const name = `${source_system}_checkpoints_${stamp}_g${generation}${suffix}`;
    if (!taken.has(name)) return { made_at, name };
  }
}
