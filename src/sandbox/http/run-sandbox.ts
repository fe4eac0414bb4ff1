import type { FastifyInstance } from "fastify";
import type { ZodType } from "zod";
import { serveControlApi } from "./control-api.ts";
import { createServer } from "./server.ts";

/** What a sandbox holds, as far as it is steered. */
export interface Steered<Fault, Settings, Counts, Call> {
  readonly ledger: { counts(): Counts; requests(limit?: number): readonly Readonly<Call>[] };
  readonly faults: { list(): readonly object[]; add(faults: readonly Fault[]): void; clear(): void };
  readonly settings: Settings;
  change(settings: Partial<Settings>): Settings;
  reset(what: { readonly counts: boolean }): void;
}

/** A running sandbox, steered from the process that started it. Others steer it over HTTP, under `/__sandbox/`. */
export interface RunningSandbox<Fault, Settings, Counts, Call> extends AsyncDisposable {
  /** What a client takes as its endpoint or tenant: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  counts(): Counts;
  /** The last calls, oldest first. */
  requests(limit?: number): readonly Readonly<Call>[];
  /** Everything back to the start, or only counts and log to nothing. */
  reset(what?: { readonly counts?: boolean }): void;
  /** Adds faults to those that wait. */
  fault(...faults: readonly Fault[]): void;
  clearFaults(): void;
  /** Changes the settings given, and answers with all. */
  settings(change?: Partial<Settings>): Settings;
  /** Breaks open connections, and saves what is kept. */
  close(): Promise<void>;
}

export interface RunOptions<Fault, Settings> {
  readonly port?: number | undefined;
  readonly host?: "127.0.0.1" | undefined;
  /** Checks faults as they come over the wire. */
  readonly faultList: ZodType<readonly Fault[]>;
  readonly settingsChange: ZodType<Partial<Settings>>;
  /** Adds the paths of the protocol that it speaks. */
  readonly serve: (server: FastifyInstance) => void;
  /** What is left to do once nobody is served any more. */
  readonly closed?: () => Promise<void>;
}

/** Listens on this machine, on a free port unless one is given, and lets the state be steered while it does. */
export async function runSandbox<Fault extends object, Settings extends object, Counts extends object, Call extends object>(
  state: Steered<Fault, Settings, Counts, Call>,
  { port = 0, host = "127.0.0.1", faultList, settingsChange, serve, closed }: RunOptions<Fault, Settings>,
): Promise<RunningSandbox<Fault, Settings, Counts, Call>> {
  const server = createServer();
  serve(server);
  const steering: Omit<RunningSandbox<Fault, Settings, Counts, Call>, "url" | "port" | "close" | typeof Symbol.asyncDispose> = {
    counts: () => state.ledger.counts(),
    requests: (limit) => state.ledger.requests(limit),
    reset: ({ counts = false } = {}) => state.reset({ counts }),
    fault: (...faults) => state.faults.add(faults),
    clearFaults: () => state.faults.clear(),
    settings: (change = {}) => state.change(change),
  };
  serveControlApi(server, { ...steering, faults: state.faults, faultList, settingsChange });
  const url = await server.listen({ port, host });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= server.close().then(() => closed?.()));
  return { ...steering, url, port: Number(new URL(url).port), close, [Symbol.asyncDispose]: close };
}
