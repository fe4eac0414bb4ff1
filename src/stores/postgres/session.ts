import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { TidemarkError } from "../../model/errors.ts";
import type { Row, Value } from "../shared/row-sum.ts";
import type { ServerAddress } from "./server-address.ts";
import { ConnectionLost, endsConnection, stateUnwritable, translated } from "./server-error.ts";
import { fromStored, toStored } from "./stored-text.ts";

/** A value of a statement: one, or a column of them for `unnest` and `ANY`. */
export type Parameter = Value | readonly Value[];

/** What can be asked while nobody else can. */
export interface Queries {
  /** All rows of a bounded query, as arrays in the order of the columns. */
  rows(sql: string, ...values: readonly Parameter[]): Promise<readonly Row[]>;
  /** Carries out `work` with nothing else in between. */
  together<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}

/** A COMMIT was sent and its answer never came. Whoever can tell by reading whether it took effect does so; for others it is the end. */
export class CommitUnknown extends TidemarkError {
  constructor(state: string, cause: ConnectionLost) {
    super("state_unwritable", `The state ${state} was being changed when the connection to the server was lost (${cause.message}).`, {
      remedy: "Whether the change took effect the next run finds out by reading. Start it when the server can be reached.",
      cause,
    });
  }
}

/**
 * One connection to the server. What is asked of it at the same time is done one after the other, and a transaction is never mixed with
 * anything else. Errors leave it as a TidemarkError that names the state.
 */
export class Session implements Queries {
  readonly state: string;
  readonly #client: pg.Client;
  #last: Promise<unknown> = Promise.resolve();
  #lost: unknown = null;

  private constructor(client: pg.Client, state: string) {
    this.#client = client;
    this.state = state;
    // Said of a connection that breaks while nothing is asked; the next question meets it.
    client.on("error", (error) => (this.#lost = error));
  }

  static async open(address: ServerAddress, state: string): Promise<Session> {
    let session: Session | undefined;
    let connected = false;
    try {
      const client = new pg.Client({ ...FIXED, connectionString: address.login });
      session = new Session(client, state);
      await client.connect();
      connected = true;
      const [[version, encoding] = []] = await session.rows(WHAT_IT_IS);
      if (Number(version) < OLDEST || encoding !== "UTF8") throw unusable(state, version, encoding);
      await session.rows(SETTINGS);
      return session;
    } catch (error) {
      await session?.close();
      throw translated(connected || (error as { severity?: string }).severity !== undefined ? error : new ConnectionLost(error), state);
    }
  }

  async rows(sql: string, ...values: readonly Parameter[]): Promise<readonly Row[]> {
    return await this.together((queries) => queries.rows(sql, ...values));
  }

  async together<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const before = this.#last;
    const own = Promise.withResolvers<void>();
    this.#last = own.promise;
    await before;
    try {
      const queries: Queries = { rows: (sql, ...values) => this.#ask(sql, values), together: async (inner) => await inner(queries) };
      return await work(queries);
    } catch (error) {
      throw translated(error, this.state);
    } finally {
      own.resolve();
    }
  }

  /** Carries out `work` whole and durably, or not at all. Throws {@link CommitUnknown} where the server did not say which. */
  async transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return await this.together(async (queries) => {
      await queries.rows("BEGIN");
      let result: T;
      try {
        result = await work(queries);
      } catch (error) {
        await this.#rollBack(queries);
        throw error;
      }
      try {
        await queries.rows("COMMIT");
      } catch (error) {
        throw error instanceof ConnectionLost ? new CommitUnknown(this.state, error) : error;
      }
      return result;
    });
  }

  async close(): Promise<void> {
    const isClosed = this.#client.end().catch(() => undefined);
    // A connection that was lost may never say that it has ended.
    if (this.#lost === null) await Promise.race([isClosed, pause(CLOSING_MS, undefined, { ref: false })]);
  }

  async #ask(text: string, values: readonly Parameter[]): Promise<readonly Row[]> {
    if (this.#lost !== null) throw new ConnectionLost(this.#lost);
    const parameters = values.map(asParameter);
    try {
      const { rows } = await this.#client.query<Value[]>({ text, values: parameters, rowMode: "array" });
      return rows.map((row) => row.map((value) => (typeof value === "string" ? fromStored(value) : value)));
    } catch (error) {
      if (!endsConnection(error)) throw error;
      this.#lost = error;
      throw new ConnectionLost(error);
    }
  }

  // Where this fails the server rolls back by itself.
  async #rollBack(queries: Queries): Promise<void> {
    try {
      await queries.rows("ROLLBACK");
    } catch {
      // The reason why it was needed must not be hidden.
    }
  }
}

const OLDEST = 140_000;

const CLOSING_MS = 5_000;

const INT8 = 20;

/** Numbers of ours are far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: unknown) =>
    oid === INT8 ? Number : (pg.types.getTypeParser as (oid: number, format?: unknown) => unknown)(oid, format),
};

const FIXED: pg.ClientConfig = {
  application_name: "tidemark",
  connectionTimeoutMillis: 15_000,
  // Longer than any statement of ours takes: what waits longer waits for a network that is gone.
  query_timeout: 300_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  types,
};

const WHAT_IT_IS = "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')";

/**
 * What holds for a session whatever the defaults of server and user are. A session that lost its network in mid-transaction must not keep
 * the next run out for hours; and a commit that is not on the disk when it is acknowledged is none.
 */
const SETTINGS = `DO $$ BEGIN
  PERFORM set_config(name, value, false) FROM (VALUES ('lock_timeout', '90s'), ('statement_timeout', '0'), ('tcp_keepalives_idle', '30'),
    ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'), ('client_connection_check_interval', '10s'),
    ('idle_session_timeout', '0'), ('idle_in_transaction_session_timeout', '0')) AS wanted (name, value);
  IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', false); END IF;
END $$`;

function unusable(state: string, version: unknown, encoding: unknown): TidemarkError {
  return stateUnwritable(
    state,
    `its database is of PostgreSQL ${Math.floor(Number(version) / 10_000)} in ${String(encoding)}, and version 14 or newer in UTF8 is needed`,
    "Use such a database.",
  );
}

function asParameter(value: Parameter): unknown {
  if (typeof value === "string") return toStored(value);
  return Array.isArray(value) ? value.map((item: Value) => (typeof item === "string" ? toStored(item) : item)) : value;
}
