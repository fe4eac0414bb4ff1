import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Clock } from "../ports/clock.ts";
import type { Call, Meter } from "../ports/meter.ts";

/** Agents for both schemes that count every exchange made through them. */
export interface MeteredAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  /** The requests that `work` makes, in all that it awaits, are called `what` and not by their method and path. */
  naming<T>(what: string, work: () => Promise<T>): Promise<T>;
  destroy(): void;
}

/** Which requests go through a proxy, by the variables that say so everywhere. */
export interface ProxyEnvironment {
  readonly HTTP_PROXY?: string | undefined;
  readonly HTTPS_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

export interface MeteredAgentsOptions {
  /** Default: 50. */
  readonly maxSockets?: number;
  /** Measures how long each request takes. Left out: only their number and bytes are counted. */
  readonly clock?: Pick<Clock, "monotonic">;
  /** Left out: no proxy. Node's own setting for its whole process does not reach agents. */
  readonly proxy?: ProxyEnvironment;
}

/**
 * Keep-alive agents that count each request and the bytes that its socket carried for it, headers included; of TLS the bytes inside
 * the encryption, since Node does not tell those around it. A request that never got a socket counts with no bytes.
 */
export function meteredAgents(meter: Meter, { maxSockets = 50, proxy, clock }: MeteredAgentsOptions = {}): MeteredAgents {
  const agentOptions = { keepAlive: true, maxSockets, ...(proxy === undefined ? {} : { proxyEnv: { ...proxy } }) };
  const names = new AsyncLocalStorage<string>();
  const watch: Watch = { meter, clock, name: () => names.getStore() };
  const plain = metered(new http.Agent(agentOptions), watch);
  const secure = metered(new https.Agent(agentOptions), watch);
  return {
    http: plain,
    https: secure,
    naming: (what, work) => names.run(what, work),
    destroy() {
      plain.destroy();
      secure.destroy();
    },
  };
}

interface Watch {
  readonly meter: Meter;
  readonly clock: Pick<Clock, "monotonic"> | undefined;
  /** What the caller calls its request. */
  readonly name: () => string | undefined;
}

// Node hands every request to its agent's `addRequest`, in the caller's async context: the one place to attribute it to whoever asked.
function metered<A extends http.Agent>(agent: A, watch: Watch): A {
  const open = agent as A & { addRequest(request: http.ClientRequest, ...rest: readonly unknown[]): void };
  const addRequest = open.addRequest.bind(agent);
  open.addRequest = (request, ...rest) => {
    countExchange(request, watch);
    addRequest(request, ...rest);
  };
  return agent;
}

// A keep-alive socket serves one request at a time and is freed only after the request's "close", so the differences are exact.
function countExchange(request: http.ClientRequest, { meter, clock, name }: Watch): void {
  let socket: Socket | null = null;
  let sent = 0;
  let received = 0;
  let began = 0;
  let status: number | null = null;
  const what = name();
  request.once("socket", (assigned: Socket) => {
    socket = assigned;
    sent = assigned.bytesWritten;
    received = assigned.bytesRead;
    began = clock?.monotonic() ?? 0;
  });
  request.once("response", ({ statusCode = null }) => (status = statusCode));
  // How long it took from its socket on: what waited for one says nothing of the other end.
  const call = (): Call | undefined =>
    clock === undefined || socket === null
      ? undefined
      : { what: what ?? nameOf(request), status, duration_ms: Math.round(clock.monotonic() - began) };
  const counted = AsyncResource.bind(() => {
    const bytes = socket === null ? { sent: 0, received: 0 } : { sent: socket.bytesWritten - sent, received: socket.bytesRead - received };
    meter.count({ requests: 1, bytes }, call());
  });
  request.once("close", counted);
}

// Without its query, which may hold what nobody else shall read. Through a proxy the path is a whole URL.
function nameOf({ method, path }: http.ClientRequest): string {
  const base = "http://localhost";
  return `${method} ${URL.canParse(path, base) ? readable(new URL(path, base).pathname) : "(unreadable path)"}`;
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
