import type { Glue } from "@aws-sdk/client-glue";
import { type Called, GlueCalls } from "../../connectors/glue/calls.ts";
import { createClient, type GlueApi } from "../../connectors/glue/client.ts";
import { failureOf } from "../../connectors/glue/errors.ts";
import { TidemarkError } from "../../model/errors.ts";
import { createMeter } from "../../wrappers/meter.ts";
import { glueWires } from "../assemble.ts";
import type { GlueConnectionConfig } from "../glue-connection.ts";
import { systemClock } from "../system.ts";

/** What a request and its answer show beside what they say. */
export interface Exchange {
  /** Where it was sent: `https://glue.eu-central-1.amazonaws.com`. */
  readonly origin: string;
  /** The service's clock minus ours in milliseconds, to the second; null where it did not tell the time. */
  readonly skewMs: number | null;
}

/** A Glue catalog as the checks call it: by the very client of a sync. */
export interface GlueAccess extends Disposable {
  /** The endpoint or region, for messages. */
  readonly address: string;
  /** The whole client: a look at an account's other services takes its credentials and its way there. */
  readonly client: Glue;
  /** What the last request showed of the way to the service; null before the first. */
  lastExchange(): Exchange | null;
  /** A call that changes nothing, repeated while that may help. Whatever comes of it is a value. */
  read<T>(call: (glue: GlueApi) => Promise<T>, signal: AbortSignal): Promise<Called<T>>;
  /** A call of an operation that writes, made once. */
  write<T>(call: (glue: GlueApi) => Promise<T>, signal: AbortSignal): Promise<Called<T>>;
}

/** Makes the client that a sync would make. Asks nobody yet. */
export async function openGlue(connection: GlueConnectionConfig): Promise<GlueAccess> {
  const address = connection.endpoint ?? connection.region ?? "the environment's region";
  const wires = await glueWires(connection, createMeter(), SOCKETS);
  const client = (await createClient({ ...connection, agents: wires.agents, requestTimeoutMs: TIMEOUT_MS })) as Glue;
  const lastExchange = watchExchanges(client);
  const calls = new GlueCalls({ ...wires, client: () => Promise.resolve(client), address });
  return {
    address,
    client,
    lastExchange,
    read: async (call, signal) => {
      try {
        return await calls.read((glue) => call(glue), signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof TidemarkError)) throw error;
        return failureOf(error.cause);
      }
    },
    write: (call, signal) => calls.write((glue) => call(glue), signal),
    [Symbol.dispose]: () => client.destroy(),
  };
}

const SOCKETS = 1;
// A read is tried four times.
const TIMEOUT_MS = 5_000;

/** Notes where each request goes, and the `Date` of its answer against the middle of its time. */
function watchExchanges(client: Glue): () => Exchange | null {
  let last: Exchange | null = null;
  client.middlewareStack.add(
    (next) => async (args) => {
      const { protocol, hostname } = args.request as { readonly protocol: string; readonly hostname: string };
      const origin = `${protocol}//${hostname}`;
      last = { origin, skewMs: null };
      const sent = systemClock.now();
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: { readonly [name: string]: string } };
      const told = Date.parse(headers?.["date"] ?? "");
      last = { origin, skewMs: Number.isNaN(told) ? null : told - (sent + systemClock.now()) / 2 };
      return result;
    },
    { step: "deserialize", priority: "low", name: "watchExchanges" },
  );
  return () => last;
}
