/** A file of a shelf, as its folder shows it. */
export interface ShelvedFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Where the backups of one pipeline's state lie, as files of lines.
 *
 * Obligations: a file under its own name is whole. `write` keeps what it writes under another name until it is durable and was read back
 * and found to be, to the last byte, the text that was given; a crash, a full disk or a text that throws leaves nothing under the name.
 * Files that the shelf did not write are not shown and never removed.
 */
export interface BackupShelf {
  /** For people: where the files lie. */
  readonly place: string;
  /** What stands behind the last dot of a name, the dot included: it tells how a file is written. */
  readonly suffix: string;
  list(): Promise<readonly ShelvedFile[]>;
  /** The lines of a file without their ends, in bounded memory. Throws `input_invalid` where it cannot be read to its end. */
  lines(name: string): AsyncIterable<string>;
  /** Writes a file whose name is free. */
  write(name: string, text: AsyncIterable<string>): Promise<ShelvedFile>;
  remove(name: string): Promise<void>;
}
