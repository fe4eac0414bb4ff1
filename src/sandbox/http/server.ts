import Fastify, { type FastifyInstance } from "fastify";
import { misuse } from "./control-api.ts";

const LARGEST_BODY = 64 * 1024 * 1024;

/** An HTTP server that hands every body on as bytes, and breaks open connections when it is closed. */
export function createServer(): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, bodyLimit: LARGEST_BODY });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: { statusCode?: number; message?: string }, _request, reply) => {
    const mistake = misuse(error);
    return reply.code(mistake === null ? (error.statusCode ?? 500) : 400).send({ error: mistake ?? error.message });
  });
  return server;
}
