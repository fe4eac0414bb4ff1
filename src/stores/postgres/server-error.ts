import { TidemarkError } from "../../model/errors.ts";

/** The connection broke, or the server ended it: nothing more can be asked on it. Whether a COMMIT under way took effect is not known. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = "ConnectionLost";
  }
}

/** The state cannot be trusted. `reason` goes on from "The state … is damaged: ". */
export function stateDamaged(state: string, reason: string, cause?: unknown): TidemarkError {
  return new TidemarkError("state_damaged", `The state ${state} is damaged: ${reason}.`, {
    remedy:
      "It is left as it is. Put back a backup of the database, or make the state anew from the marks in the target with `tidemark checkpoint rebuild --set-aside`.",
    cause,
  });
}

/** The state cannot be reached or written. `reason` goes on from "The state … cannot be used: ". */
export function stateUnwritable(state: string, reason: string, remedy: string = CHECK_SERVER, cause?: unknown): TidemarkError {
  return new TidemarkError("state_unwritable", `The state ${state} cannot be used: ${reason}. What it held before stands.`, {
    remedy,
    cause,
  });
}

/** Someone wrote the state while this run held its lease. */
export function leaseLost(state: string, reason: string): TidemarkError {
  return new TidemarkError("lease_lost", `The lease on the state ${state} was lost: ${reason}. This run wrote nothing more to it.`, {
    remedy: "Run again when the other run has ended.",
  });
}

/** True where the server or the network ended the connection, so that its answer, if one was due, never came. */
export function endsConnection(error: unknown): boolean {
  const { severity, code } = error as ServerError;
  // What is not of the server's own making comes from the driver or the socket.
  return severity === undefined || severity === "FATAL" || severity === "PANIC" || code?.startsWith("08") === true;
}

/** What an error of the server or of the connection says about the state, as the failure that ends the command. */
export function translated(error: unknown, state: string): unknown {
  if (error instanceof ConnectionLost)
    return stateUnwritable(state, `the connection to the server was lost (${error.message})`, CHECK_SERVER, error);
  if (!(error instanceof Error) || (error as ServerError).severity === undefined) return error;
  const { code = "" } = error as ServerError;
  const said = `PostgreSQL says "${error.message}" (${code})`;
  const failed = (reason: string, remedy?: string): TidemarkError => stateUnwritable(state, reason, remedy, error);
  switch (code) {
    case "28P01":
    case "28000":
      return failed(`the server refuses the login (${said})`, "Check user and password of `checkpoint_management.url`.");
    case "3D000":
      return failed(`there is no such database (${said})`, "Create the database, or mend `checkpoint_management.url`.");
    case "53100":
      return failed("the server's disk is full", "Make room on the server's disk, then run again.");
    case "53300":
      return failed(`the server takes no more connections (${said})`, "Raise its max_connections, or close some, then run again.");
    case "25006":
      return failed("the server is read-only", "Connect to the primary, not to a standby.");
    case "42501":
      return failed(`the user may not do that (${said})`, "Grant the user what docs/postgres.md lists.");
    case "55P03":
      return heldByAnother(state, error);
    case "42P01":
    case "3F000":
    case "42703":
      return stateDamaged(state, `its tables are not those of its format (${said})`, error);
  }
  if (code.startsWith("XX")) return stateDamaged(state, said, error);
  return /^(08|53|57|58)/.test(code) ? failed(said) : error;
}

const CHECK_SERVER = "Check that the server runs and can be reached, then run again.";

interface ServerError {
  readonly code?: string;
  readonly severity?: string;
}

function heldByAnother(state: string, cause: Error): TidemarkError {
  return new TidemarkError("lease_held", `The state ${state} is being written by another session, which does not end.`, {
    remedy: "Wait for that run to end. Of one that lost its network the server lets go by itself after a minute.",
    cause,
  });
}

/** What an error says. Of several addresses that were tried in vain, Node says so in an error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
