import { AsyncResource } from "node:async_hooks";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Meter } from "../ports/meter.ts";

/** Agents for both schemes that count every exchange made through them. */
export interface MeteredAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
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
  /** Left out: no proxy. Node's own setting for its whole process does not reach agents. */
  readonly proxy?: ProxyEnvironment;
}

/**
 * Keep-alive agents that count each request and the bytes that its socket carried for it, headers included; of TLS the bytes inside
 * the encryption, since Node does not tell those around it. A request that never got a socket counts with no bytes.
 */
export function meteredAgents(meter: Meter, { maxSockets = 50, proxy }: MeteredAgentsOptions = {}): MeteredAgents {
  const agentOptions = { keepAlive: true, maxSockets, ...(proxy === undefined ? {} : { proxyEnv: { ...proxy } }) };
  const plain = metered(new http.Agent(agentOptions), meter);
  const secure = metered(new https.Agent(agentOptions), meter);
  return {
    http: plain,
    https: secure,
    destroy() {
      plain.destroy();
      secure.destroy();
    },
  };
}

// Node hands every request to its agent's `addRequest`, in the caller's async context: the one place to attribute it to whoever asked.
function metered<A extends http.Agent>(agent: A, meter: Meter): A {
  const open = agent as A & { addRequest(request: http.ClientRequest, ...rest: readonly unknown[]): void };
  const addRequest = open.addRequest.bind(agent);
  open.addRequest = (request, ...rest) => {
    countExchange(request, meter);
    addRequest(request, ...rest);
  };
  return agent;
}

// A keep-alive socket serves one request at a time and is freed only after the request's "close", so the differences are exact.
function countExchange(request: http.ClientRequest, meter: Meter): void {
  let socket: Socket | null = null;
  let sent = 0;
  let received = 0;
  request.once("socket", (assigned: Socket) => {
    socket = assigned;
    sent = assigned.bytesWritten;
    received = assigned.bytesRead;
  });
  const counted = AsyncResource.bind(() => {
    meter.count({
      requests: 1,
      bytes: socket === null ? { sent: 0, received: 0 } : { sent: socket.bytesWritten - sent, received: socket.bytesRead - received },
    });
  });
  request.once("close", counted);
}
