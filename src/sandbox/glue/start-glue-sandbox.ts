import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { deliver } from "../http/deliver.ts";
import { type RunningSandbox, runSandbox } from "../http/run-sandbox.ts";
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

/** A running sandbox; its url is what a client takes as its endpoint. */
export interface GlueSandbox extends RunningSandbox<Fault, Settings, Counts, LoggedCall> {
  /** The tables of one database or of all, of every catalog, as `GetTable` answers with them. */
  tables(database?: string): readonly Table[];
}

/**
 * Starts a simulated AWS Glue Data Catalog on this machine: the real protocol, and as strict as the documented service.
 *
 * It answers only what it simulates (`docs/reference/sandbox-glue.md` lists that, and what it assumes), checks no signature, and
 * is reached from this machine alone.
 */
export async function startGlueSandbox(options: GlueSandboxOptions = {}): Promise<GlueSandbox> {
  const { port, host, file: path } = options;
  const catalogs = new Catalogs();
  const file = path === undefined ? null : await CatalogFile.load(path, catalogs);
  const state = new SandboxState(settingsFrom(options), catalogs, file);
  const running = await runSandbox(state, {
    port,
    host,
    faultList,
    settingsChange,
    serve: (server) => serveCalls(server, state),
    closed: async () => await file?.close(),
  });
  return { ...running, tables: (database) => tablesIn(catalogs, database) };
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

function serveCalls(server: FastifyInstance, state: SandboxState): void {
  server.post("/", async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return deliver(await answerCall(operationIn(request.headers), body, state), reply);
  });
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
