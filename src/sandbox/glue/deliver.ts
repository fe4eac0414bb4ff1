import { randomUUID } from "node:crypto";
import type { FastifyReply } from "fastify";
import type { Delivery } from "./answer-call.ts";

/** Sends what the call came to. Where the connection is to break, the socket is taken out of the server's hands. */
export function deliver(delivery: Delivery, reply: FastifyReply): FastifyReply {
  switch (delivery.kind) {
    case "answer":
      return reply.code(delivery.status).header("x-amzn-requestid", randomUUID()).type(delivery.type).send(delivery.body);
    case "cut": {
      reply.hijack();
      const { body } = delivery;
      reply.raw.writeHead(delivery.status, {
        "x-amzn-requestid": randomUUID(),
        "content-type": delivery.type,
        "content-length": body.length,
      });
      reply.raw.write(body.subarray(0, body.length >>> 1), () => reply.raw.destroy());
      return reply;
    }
    case "reset":
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return reply;
    case "silence": {
      reply.hijack();
      if (delivery.ms === null) return reply;
      const timer = setTimeout(() => reply.raw.destroy(), delivery.ms);
      reply.raw.once("close", () => clearTimeout(timer));
      return reply;
    }
  }
}
