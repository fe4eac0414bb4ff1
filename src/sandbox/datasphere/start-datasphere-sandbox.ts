import type { FastifyInstance, FastifyRequest } from "fastify";
import { listIn } from "../http/control-api.ts";
import { deliver } from "../http/deliver.ts";
import type { Counts } from "../http/ledger.ts";
import { type RunningSandbox, runSandbox } from "../http/run-sandbox.ts";
import { DEFAULT_SPACES } from "../tenant/vocabulary.ts";
import { answerRequest } from "./answer-request.ts";
import type { Exchange } from "./exchange.ts";
import { type Fault, faultList } from "./faults.ts";
import { type Edited, EditError, editList, type TenantEdit } from "./objects/edits.ts";
import { ExportedObjects } from "./objects/exported-objects.ts";
import { GeneratedObjects } from "./objects/generated-objects.ts";
import type { Origin } from "./objects/origin.ts";
import { type LoggedRequest, SandboxState } from "./sandbox-state.ts";
import { DEFAULT_SETTINGS, type Profile, PROFILES, type Settings, settingsChange } from "./settings.ts";

export type { Fault } from "./faults.ts";
export type { Edited, TenantEdit } from "./objects/edits.ts";
export type { LoggedRequest } from "./sandbox-state.ts";
export type { Profile, Settings } from "./settings.ts";

/** The technical user's client, unless the options say otherwise. Its id has signs that do not survive percent-encoding, as SAP's have. */
export const DEFAULT_CLIENT: { readonly id: string; readonly secret: string } = {
  id: "sb-sandbox!b1|client!b2",
  secret: "sandbox-secret$1=",
};

export interface DatasphereSandboxOptions {
  /** 0 picks a free one, which is the default. */
  readonly port?: number;
  readonly host?: "127.0.0.1";
  /** A folder of CSN exports to serve: its sub-folders are the spaces. A made-up tenant when absent. */
  readonly data?: string;
  /** Tables, views and analytic models of the made-up tenant, 1 to 1,000,000. Default 1000. */
  readonly assets?: number;
  /** How many of them are analytic models. Default: one in fifty. */
  readonly analyticModels?: number;
  /** Flows and task chains beside the assets. Default: one for a hundred assets. */
  readonly flows?: number;
  readonly seed?: number;
  /** Names of the made-up tenant's spaces, unevenly filled. */
  readonly spaces?: readonly string[];
  /** Default 300; null for no limit. */
  readonly requestsPerMinute?: number | null;
  readonly latencyMs?: number;
  /** What the tenant offers to tell what changed. Default `none`. */
  readonly profile?: Profile;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Any other setting to start with. */
  readonly settings?: Partial<Settings>;
  /** What rate limit, tokens and times of change go by; the machine's clock when absent. Milliseconds since 1970. */
  readonly clock?: { now(): number };
}

/** A running sandbox tenant; its url is what a client takes as its tenant. */
export interface DatasphereSandbox extends RunningSandbox<Fault, Settings, Counts, LoggedRequest> {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Does to the tenant what people do, in this order, and answers object by object what came of it. */
  edit(...edits: readonly TenantEdit[]): readonly Edited[];
}

/**
 * Starts a simulated SAP Datasphere tenant on this machine, that answers as real ones are documented or were seen to do.
 *
 * It holds metadata only, listens on this machine alone, and answers only what it simulates; `docs/reference/sandbox-datasphere.md`
 * lists that, and what it assumes.
 */
export async function startDatasphereSandbox(options: DatasphereSandboxOptions = {}): Promise<DatasphereSandbox> {
  const { port, host, seed = 1, clock = Date } = options;
  const client = { id: options.clientId ?? DEFAULT_CLIENT.id, secret: options.clientSecret ?? DEFAULT_CLIENT.secret };
  const state = new SandboxState({
    settings: settingsFrom(options),
    origin: await originFrom(options),
    client,
    seed,
    now: () => clock.now(),
  });
  const running = await runSandbox(state, {
    port,
    host,
    faultList,
    settingsChange,
    serve: (server) => serveTenant(server, state),
  });
  return {
    ...running,
    tokenUrl: `${running.url}/oauth/token`,
    clientId: client.id,
    clientSecret: client.secret,
    edit: (...edits) => state.edit(edits),
  };
}

async function originFrom(options: DatasphereSandboxOptions): Promise<Origin> {
  if (options.data !== undefined) return ExportedObjects.read(options.data);
  const { assets = 1000, seed = 1, spaces = DEFAULT_SPACES } = options;
  const { analyticModels = Math.floor(assets / 50), flows = Math.floor(assets / 100) } = options;
  return new GeneratedObjects({ assets, seed, spaces, analyticModels, flows });
}

function settingsFrom({ requestsPerMinute, latencyMs, profile = "none", settings }: DatasphereSandboxOptions): Settings {
  return {
    ...DEFAULT_SETTINGS,
    ...PROFILES[profile],
    ...(requestsPerMinute !== undefined && { requests_per_minute: requestsPerMinute }),
    ...(latencyMs !== undefined && { latency_ms: latencyMs }),
    ...settings,
  };
}

function serveTenant(server: FastifyInstance, state: SandboxState): void {
  server.all("/*", async (request, reply) => deliver(await answerRequest(exchangeOf(request), state), reply));
  server.all("/__sandbox/*", (_request, reply) => reply.code(404).send({ error: "The sandbox's own API has no such path." }));
  server.post("/__sandbox/edits", (request, reply) => {
    try {
      return { edits: state.edit(editList.parse(listIn(request))) };
    } catch (error) {
      if (error instanceof EditError) return reply.code(400).send({ error: error.message });
      throw error;
    }
  });
}

function exchangeOf(request: FastifyRequest): Exchange {
  const url = request.raw.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    origin: `http://${request.headers.host ?? "127.0.0.1"}`,
  };
}
