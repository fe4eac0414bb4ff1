import { TidemarkError } from "../../model/errors.ts";
import { fileFailure, stateDamaged, stateUnwritable } from "../shared/state-error.ts";

/** What a failed operation on a file of the state or on the database in it says, as the failure that ends the command. */
export function failure(error: unknown, path: string): unknown {
  return translated(fileFailure(error, path), path);
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
