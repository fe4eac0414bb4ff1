import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { faultList } from "./faults.ts";
import type { SandboxState } from "./sandbox-state.ts";
import { settingsChange } from "./settings.ts";

const resetRequest = z.strictObject({ counts: z.boolean().optional() });
const requestsQuery = z.strictObject({ limit: z.coerce.number().int().min(0).default(100) });

/** The sandbox's own API under `/__sandbox/`: JSON in, JSON out, 400 with an `error` for what it does not understand. Its calls are not counted. */
export function serveControlApi(server: FastifyInstance, state: SandboxState): void {
  server.get("/__sandbox/counts", () => state.ledger.counts());
  server.get("/__sandbox/requests", (request) => ({ requests: state.ledger.requests(requestsQuery.parse(request.query).limit) }));
  server.get("/__sandbox/faults", () => ({ faults: state.faults.list() }));
  server.get("/__sandbox/settings", () => state.settings);

  server.post("/__sandbox/reset", (request) => {
    const { counts = false } = resetRequest.parse(jsonIn(request));
    if (counts) state.ledger.clear();
    else state.reset();
    return {};
  });
  server.post("/__sandbox/faults", (request) => {
    const given = jsonIn(request);
    state.faults.add(faultList.parse(Array.isArray(given) ? given : [given]));
    return { faults: state.faults.list() };
  });
  server.delete("/__sandbox/faults", () => {
    state.faults.clear();
    return { faults: [] };
  });
  server.post("/__sandbox/settings", (request) => state.change(settingsChange.parse(jsonIn(request))));
}

/** What is wrong with a request of the control API, in words; null for an error of another kind. */
export function misuse(error: unknown): string | null {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof SyntaxError ? `The request's body is not JSON: ${error.message}` : null;
}

// Whatever content type it comes with, so that a bare `curl -d` works. No body is an empty object.
function jsonIn({ body }: FastifyRequest): unknown {
  return Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString()) : {};
}
