/** The few file operations that state and spools are made of, an argument so that a simulation can fail each of them in turn. Paths are absolute. */
export interface FileSystem {
  /** The file's bytes, or null where there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
  /** How many bytes the file has, or null where there is no such file. */
  size(path: string): Promise<number | null>;
  /** The file's lines without their ends, in bounded memory. */
  lines(path: string): AsyncIterable<string>;
  /** Appends, creating the file with mode 0600; durable only after `sync`. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes a file that must not exist yet, mode 0600, whole and synced. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Makes a file's content durable. */
  sync(path: string): Promise<void>;
  /** Cuts a file to that many bytes; durable only after `sync`. */
  truncate(path: string, bytes: number): Promise<void>;
  /** Gives a file a second name, which must be free; durable only after `syncDirectory`. */
  link(from: string, to: string): Promise<void>;
  /** Replaces `to`; durable only after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
}
