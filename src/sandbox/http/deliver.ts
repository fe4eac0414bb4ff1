import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** An answer as it goes over the wire. A body that comes in pieces is sent as they come, and never stands in memory as a whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | AsyncIterable<Buffer>;
}

/** What goes back to the caller, or what becomes of the connection instead. */
export type Delivery =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** The connection breaks in the middle of the body: `length`, where the head promised all of it; `chunks`, where it promised an end. */
  | { readonly kind: "cut"; readonly answer: Answer; readonly framing: "length" | "chunks" }
  /** The body comes in ten pieces, spread over `ms`. */
  | { readonly kind: "drip"; readonly answer: Answer; readonly ms: number }
  /** The answer comes twice on one connection. */
  | { readonly kind: "twice"; readonly answer: Answer }
  | { readonly kind: "reset" }
  /** No answer, and after `ms` a broken connection; null leaves it open. */
  | { readonly kind: "silence"; readonly ms: number | null };

const CUT_AFTER = 1_000_000;
const DRIPS = 10;

/** Sends what the call came to. Where the connection is to break, the socket is taken out of the server's hands. */
export async function deliver(delivery: Delivery, reply: FastifyReply): Promise<FastifyReply> {
  switch (delivery.kind) {
    case "answer": {
      const { status, headers, body } = delivery.answer;
      return reply
        .code(status)
        .headers(headers)
        .send(Buffer.isBuffer(body) ? body : Readable.from(body));
    }
    case "cut": {
      const body = await whole(delivery.answer.body);
      reply.hijack();
      reply.raw.writeHead(delivery.answer.status, {
        ...delivery.answer.headers,
        ...(delivery.framing === "length" && { "content-length": body.length }),
      });
      reply.raw.write(body.subarray(0, body.length >>> 1), () => reply.raw.destroy());
      return reply;
    }
    case "drip":
      return drip(delivery.answer, await whole(delivery.answer.body), delivery.ms / DRIPS, reply);
    case "twice": {
      const body = await whole(delivery.answer.body);
      reply.hijack();
      reply.raw.socket?.end(Buffer.concat([rawAnswer(delivery.answer, body), rawAnswer(delivery.answer, body)]));
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

function drip(answer: Answer, body: Buffer, pause: number, reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  const size = Math.max(1, Math.ceil(body.length / DRIPS));
  let at = 0;
  const timer = setInterval(() => {
    reply.raw.write(body.subarray(at, (at += size)));
    if (at < body.length) return;
    clearInterval(timer);
    reply.raw.end();
  }, pause);
  reply.raw.once("close", () => clearInterval(timer));
  return reply;
}

// A body in pieces is as long as it likes; of one that is to break, the beginning is enough.
async function whole(body: Answer["body"]): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length >= CUT_AFTER) break;
  }
  return Buffer.concat(pieces);
}

function rawAnswer({ status, headers }: Answer, body: Buffer): Buffer {
  const lines = Object.entries({ ...headers, "content-length": body.length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Answer\r\n${lines.join("")}\r\n`), body]);
}
