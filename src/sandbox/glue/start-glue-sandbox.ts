import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { serveControlApi } from "../http/control-api.ts";
import { deliver } from "../http/deliver.ts";
import { createServer } from "../http/server.ts";
import { answerCall } from "./answer-call.ts";
import { CatalogFile } from "./catalog-file.ts";
import { Catalogs } from "./catalogs.ts";
import type { Table } from "./documents.ts";
import { type Fault, faultList } from "./faults.ts";
import type { Counts, LoggedCall } from "./ledger.ts";
import { SandboxState } from "./sandbox-state.ts";
import { DEFAULT_SETTINGS, settingsChange, type Settings } from "./settings.ts";

export type { Table } from "./documents.ts";
export type { Fault } from "./faults.ts";
export type { Counts, LoggedCall } from "./ledger.ts";
export type { Settings } from "./settings.ts";

export interface GlueSandboxOptions {
  /** 0 picks a free one, which is the default. */
  readonly port?: number;
  readonly host?: "127.0.0.1";
  /** Where the catalog is kept between runs. In memory alone when absent. */
  readonly file?: string;
  /** Calls of writing operations a second that are let through. */
  readonly writesPerSecond?: number;
  readonly latencyMs?: number;
  /** Versions that a table may have. */
  readonly versionLimit?: number;
}

/** A running sandbox, steered from the process that started it. Others steer it over HTTP, under `/__sandbox/`. */
export interface GlueSandbox extends AsyncDisposable {
  /** What a client takes as its endpoint: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  counts(): Counts;
  /** The last calls, oldest first. */
  requests(limit?: number): readonly Readonly<LoggedCall>[];
  /** Everything back to the start, or only counts and log to nothing. */
  reset(what?: { readonly counts?: boolean }): void;
  /** Adds faults to those that wait. */
  fault(...faults: readonly Fault[]): void;
  clearFaults(): void;
  /** Changes the settings given, and answers with all. */
  settings(change?: Partial<Settings>): Settings;
  /** The tables of one database or of all, of every catalog, as `GetTable` answers with them. */
  tables(database?: string): readonly Table[];
  /** Breaks open connections, and saves the catalog where it has a file. */
  close(): Promise<void>;
}

/**
 * Starts a simulated AWS Glue Data Catalog on this machine: the real protocol, and as strict as the documented service.
 *
 * It answers only what it simulates (`docs/reference/sandbox-glue.md` lists that, and what it assumes), checks no signature, and
 * is reached from this machine alone.
 */
export async function startGlueSandbox(options: GlueSandboxOptions = {}): Promise<GlueSandbox> {
  const { port = 0, host = "127.0.0.1", file: path } = options;
  const catalogs = new Catalogs();
  const file = path === undefined ? null : await CatalogFile.load(path, catalogs);
  const state = new SandboxState(settingsFrom(options), catalogs, file);
  const server = serverFor(state);
  const url = await server.listen({ port, host });

  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= server.close().then(() => file?.close()));
  return {
    url,
    port: Number(new URL(url).port),
    counts: () => state.ledger.counts(),
    requests: (limit) => state.ledger.requests(limit),
    reset: ({ counts = false } = {}) => reset(state, { counts }),
    fault: (...faults) => state.faults.add(faults),
    clearFaults: () => state.faults.clear(),
    settings: (change = {}) => state.change(change),
    tables: (database) => tablesIn(catalogs, database),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function settingsFrom(options: GlueSandboxOptions): Settings {
  const { writesPerSecond, latencyMs, versionLimit } = options;
  return {
    ...DEFAULT_SETTINGS,
    ...(writesPerSecond !== undefined && { writes_per_second: writesPerSecond }),
    ...(latencyMs !== undefined && { latency_ms: latencyMs }),
    ...(versionLimit !== undefined && { version_limit: versionLimit }),
  };
}

function serverFor(state: SandboxState): FastifyInstance {
  const server = createServer();
  server.post("/", async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return deliver(await answerCall(operationIn(request.headers), body, state), reply);
  });
  serveControlApi(server, {
    counts: () => state.ledger.counts(),
    requests: (limit) => state.ledger.requests(limit),
    faults: state.faults,
    faultList,
    settings: () => state.settings,
    change: (settings) => state.change(settings),
    settingsChange,
    reset: (what) => reset(state, what),
  });
  return server;
}

function reset(state: SandboxState, { counts }: { readonly counts: boolean }): void {
  if (counts) state.ledger.clear();
  else state.reset();
}

// A call of the protocol names its operation in one header and bears the protocol's type in another.
function operationIn(headers: IncomingHttpHeaders): string {
  const target = headers["x-amz-target"];
  const isJson = headers["content-type"]?.split(";")[0]?.trim() === "application/x-amz-json-1.1";
  return isJson && typeof target === "string" && target.startsWith("AWSGlue.") ? target.slice("AWSGlue.".length) : "Unknown";
}

function tablesIn(catalogs: Catalogs, name: string | undefined): readonly Table[] {
  const tables: Table[] = [];
  for (const { database, tables: rows } of catalogs.all()) {
    if (name === undefined || name.toLowerCase() === database.Name) for (const [, { current }] of rows.after(null)) tables.push(current);
  }
  return tables;
}
