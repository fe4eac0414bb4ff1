import { TidemarkError } from "../../model/errors.ts";

/** The state cannot be trusted. `reason` goes on from "The state … is damaged: ". */
export function stateDamaged(path: string, reason: string, cause?: unknown): TidemarkError {
  return new TidemarkError("state_damaged", `The state ${path} is damaged: ${reason}.`, {
    remedy:
      "It is left as it is. `tidemark sync` falls back to the copy and the journal beside it, where these are whole. Else put back a backup of the folder, or make the state anew from the marks in the target with `tidemark checkpoint rebuild --set-aside`.",
    cause,
  });
}

/** The state cannot be written, or not even opened. `reason` goes on from "The state … cannot be written: ". */
export function stateUnwritable(path: string, reason: string, cause?: unknown): TidemarkError {
  return new TidemarkError("state_unwritable", `The state ${path} cannot be written: ${reason}. What it held before stands.`, {
    remedy: "Make room on the disk or mend the folder's permissions, then run again.",
    cause,
  });
}

/** The state's file is gone, and what was kept beside it is not. */
export function stateGone(path: string): TidemarkError {
  return new TidemarkError("state_lost", `The state ${path} is missing, and its journal is still there.`, {
    remedy: "Put the file back, or recover the state from the marks in the target with `tidemark checkpoint rebuild`.",
  });
}

/** Someone wrote the state while this run held its lease. */
export function leaseLost(path: string, reason: string): TidemarkError {
  return new TidemarkError("lease_lost", `The lease on the state ${path} was lost: ${reason}. This run wrote nothing more to it.`, {
    remedy: "Run again when the other run has ended, and leave the lock file where it is.",
  });
}

/** What an error of SQLite says about the state, as the failure that ends the command. Any other error comes back as it is. */
export function translated(error: unknown, path: string): unknown {
  if (error instanceof RangeError && (error as NodeJS.ErrnoException).code === "ERR_OUT_OF_RANGE") {
    return stateDamaged(path, "it holds a number that nobody wrote", error);
  }
  if (!isSqliteError(error)) return error;
  // The low byte is the primary result code, the rest tells more of the same.
  switch (error.errcode & 0xff) {
    case SQLITE.FULL:
      return stateUnwritable(path, "the disk is full", error);
    case SQLITE.IOERR:
      if (error.errcode === SQLITE.IOERR_SHORT_READ) return stateDamaged(path, "it is cut short", error);
      return stateUnwritable(path, `the disk answered with an error (${error.errstr}, SQLite ${error.errcode})`, error);
    case SQLITE.READONLY:
    case SQLITE.PERM:
    case SQLITE.AUTH:
    case SQLITE.NOLFS:
      return stateUnwritable(path, `it is read-only (SQLite ${error.errcode})`, error);
    case SQLITE.CANTOPEN:
      return stateUnwritable(path, "it cannot be opened; is it readable, and its folder writable?", error);
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new TidemarkError("lease_held", `The state ${path} is locked by a program that is not a Tidemark run.`, {
        remedy: "Close what has the file open (an SQLite shell, a backup), then run again.",
        cause: error,
      });
    default:
      return stateDamaged(path, `SQLite says "${error.errstr}" (${error.message})`, error);
  }
}

/** What a failed operation on a file of the state says, as the failure that ends the command. Any other error comes back as it is. */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof TidemarkError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof syscall !== "string") return translated(error, path);
  return stateUnwritable(path, code === "ENOSPC" ? "the disk is full" : error.message, error);
}

interface SqliteError extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR";
}

/** Result codes of SQLite, https://sqlite.org/rescode.html. */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  IOERR_SHORT_READ: 522,
  FULL: 13,
  CANTOPEN: 14,
  NOLFS: 22,
  AUTH: 23,
} as const;
