import { TidemarkError } from "../../model/errors.ts";

/** Where a database is, and how to get in. Only `login` holds the password. */
export interface ServerAddress {
  /** For messages: host, port and database, never the user or the password. */
  readonly shown: string;
  /** The URL itself, for the driver alone. */
  readonly login: string;
}

/**
 * Reads a connection URL. A password with a character that a URL takes for its own end would have its rest read as host, port or
 * database, and these are shown: such a URL is refused, and no error quotes any of it.
 */
export function serverAddress(url: string): ServerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw notAnAddress("is not of the form postgres://user:password@host/database");
  const database = parsed.pathname.slice(1);
  if (/[@:/]/.test(database) || parsed.hash !== "")
    throw notAnAddress("holds a character of the password that must be percent-encoded (@ as %40, / as %2F, # as %23, ? as %3F)");
  const host = parsed.searchParams.get("host") ?? decodeURIComponent(parsed.hostname);
  const port = parsed.searchParams.get("port") ?? (parsed.port === "" ? "5432" : parsed.port);
  const server = host === "" ? "localhost" : host;
  return { shown: `${decodeURIComponent(database) || "the default database"} at ${server}:${port}`, login: url };
}

function notAnAddress(what: string): TidemarkError {
  return new TidemarkError("config_invalid", `The connection URL of the postgres store (checkpoint_management.url) ${what}.`, {
    remedy: "Write postgres://user:password@host:5432/database, with the reserved characters of the password percent-encoded.",
  });
}
