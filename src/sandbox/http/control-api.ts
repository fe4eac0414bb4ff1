import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";

/** What a sandbox lets others steer over HTTP. */
export interface Steering<F, S> {
  counts(): object;
  requests(limit: number): readonly object[];
  readonly faults: { list(): readonly object[]; add(faults: readonly F[]): void; clear(): void };
  /** Checks faults as they come over the wire. */
  readonly faultList: z.ZodType<readonly F[]>;
  /** Changes the settings given, and answers with all. */
  settings(change?: Partial<S>): S;
  readonly settingsChange: z.ZodType<Partial<S>>;
  /** Everything back to the start, or only counts and log to nothing. */
  reset(what: { readonly counts: boolean }): void;
}

const resetRequest = z.strictObject({ counts: z.boolean().default(false) });
const requestsQuery = z.strictObject({ limit: z.coerce.number().int().min(0).default(100) });

/** A sandbox's own API under `/__sandbox/`: JSON in, JSON out, 400 with an `error` for what it does not understand. Its calls are not counted. */
export function serveControlApi<F, S>(server: FastifyInstance, steering: Steering<F, S>): void {
  const { faults } = steering;
  server.get("/__sandbox/counts", () => steering.counts());
  server.get("/__sandbox/requests", (request) => ({ requests: steering.requests(requestsQuery.parse(request.query).limit) }));
  server.get("/__sandbox/faults", () => ({ faults: faults.list() }));
  server.get("/__sandbox/settings", () => steering.settings());

  server.post("/__sandbox/reset", (request) => {
    steering.reset(resetRequest.parse(jsonIn(request)));
    return {};
  });
  server.post("/__sandbox/faults", (request) => {
    faults.add(steering.faultList.parse(listIn(request)));
    return { faults: faults.list() };
  });
  server.delete("/__sandbox/faults", () => {
    faults.clear();
    return { faults: [] };
  });
  server.post("/__sandbox/settings", (request) => steering.settings(steering.settingsChange.parse(jsonIn(request))));
}

/** What is wrong with a request of the control API, in words; null for an error of another kind. */
export function misuse(error: unknown): string | null {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof SyntaxError ? `The request's body is not JSON: ${error.message}` : null;
}

/** The body of a request that holds one thing or a list of them. */
export function listIn(request: FastifyRequest): readonly unknown[] {
  const given = jsonIn(request);
  return Array.isArray(given) ? given : [given];
}

// Whatever content type it comes with, so that a bare `curl -d` works. No body is an empty object.
function jsonIn({ body }: FastifyRequest): unknown {
  return Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString()) : {};
}
