import type { Agent as HttpAgent, ClientRequest, IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { TenantError, type TenantReply } from "./tenant-http.ts";

/** Through which every request goes: they count its bytes at the socket, and know the proxy. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  readonly agents: Agents;
  /** How long nothing may come, and a tenth of how long the whole may take. */
  readonly timeout_ms: number;
  /** Of the body, packed and unpacked. */
  readonly max_bytes: number;
  readonly signal: AbortSignal;
}

/**
 * One exchange, whatever its status. Throws {@link TenantError} unless the answer came whole: `unavailable` where there is none,
 * `cut`, `too_large` or `unreadable` for its body.
 *
 * Node's own client and not `fetch`, which takes half of a compressed body for all of it.
 */
export async function exchange(outgoing: Outgoing): Promise<TenantReply> {
  const { url, signal } = outgoing;
  signal.throwIfAborted();
  const { response, packed } = await sent(outgoing).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof TenantError ? error : unreachable(error);
  });
  const headers = new Map(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
  const body = await unpacked(packed, headers.get("content-encoding") ?? "identity", outgoing.max_bytes);
  return { status: response.statusCode as number, headers, body, url: url.href };
}

interface Answer {
  readonly response: IncomingMessage;
  readonly packed: Buffer;
}

function sent({ method, url, headers, body, agents, timeout_ms, max_bytes, signal }: Outgoing): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const isSecure = url.protocol === "https:";
  const request: ClientRequest = (isSecure ? httpsRequest : httpRequest)(url, {
    method,
    headers: { "accept-encoding": "gzip", ...headers },
    agent: isSecure ? agents.https : agents.http,
    signal,
  });
  // What comes of the connection's end after this is told to nobody.
  const fail = (error: TenantError): void => {
    reject(error);
    request.destroy();
  };
  const giveUp = (): void => fail(new TenantError("unavailable", `it did not answer within ${timeout_ms / 1000} s`));
  const deadline = setTimeout(giveUp, timeout_ms * 10);
  request.setTimeout(timeout_ms, giveUp);
  request.on("error", reject);
  request.once("close", () => clearTimeout(deadline));
  request.once("response", (response) => {
    const pieces: Buffer[] = [];
    let size = 0;
    response.on("data", (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size > max_bytes) fail(tooLarge(max_bytes));
    });
    response.on("error", (error) => reject(new TenantError("cut", "its answer broke off", { cause: error })));
    response.once("end", () => {
      if (response.complete) resolve({ response, packed: Buffer.concat(pieces) });
      else reject(new TenantError("cut", "its answer broke off"));
    });
  });
  request.end(body);
  return promise;
}

async function unpacked(packed: Buffer, encoding: string, max: number): Promise<Buffer> {
  if (encoding === "identity" || packed.length === 0) return packed;
  if (encoding !== "gzip") throw new TenantError("unreadable", `its answer is compressed as ${encoding}, which was not asked for`);
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: max });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(max);
    throw new TenantError("cut", "its answer's compression is damaged or cut", { cause: error });
  }
}

function tooLarge(max: number): TenantError {
  return new TenantError("too_large", `its answer is larger than ${max.toLocaleString("en")} bytes`);
}

function unreachable(error: unknown): TenantError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new TenantError("unavailable", code === undefined ? message : `${code}: ${message}`, { cause: error });
}
