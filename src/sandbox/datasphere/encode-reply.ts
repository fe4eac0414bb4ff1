import { randomUUID } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import type { Answer } from "../http/deliver.ts";
import { type Exchange, headerOf, type Reply } from "./exchange.ts";
import type { Settings } from "./settings.ts";

const SMALLEST_PACKED = 1024;
const pack = promisify(gzip);

/** A reply as bytes, compressed where the caller accepts that and it pays. */
export async function encoded({ status, type, headers = {}, body }: Reply, exchange: Exchange, settings: Settings): Promise<Answer> {
  const head = { "x-correlationid": randomUUID(), ...headers, ...(status !== 304 && { "content-type": type }) };
  const packs = settings.gzip && /\bgzip\b/.test(headerOf(exchange, "accept-encoding"));
  const packed = { ...head, "content-encoding": "gzip", vary: "accept-encoding" };
  if (typeof body !== "string") {
    if (!packs) return { status, headers: head, body: bytesOf(body) };
    // The callback is there because a caller that goes away is nobody's error.
    return { status, headers: packed, body: pipeline(Readable.from(body), createGzip(), () => undefined) };
  }
  const bytes = Buffer.from(body);
  return packs && bytes.length >= SMALLEST_PACKED
    ? { status, headers: packed, body: await pack(bytes) }
    : { status, headers: head, body: bytes };
}

/** A reply's text as a whole. */
export async function whole(body: Reply["body"]): Promise<string> {
  return typeof body === "string" ? body : (await Array.fromAsync(body)).join("");
}

async function* bytesOf(body: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of body) yield Buffer.from(piece);
}
