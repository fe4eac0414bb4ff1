import type { Settings } from "./settings.ts";
import type { TenantObjects } from "./objects/tenant-objects.ts";

/** A request as it came in. */
export interface Exchange {
  readonly method: string;
  /** As sent: still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** `http://127.0.0.1:<port>`: what links in answers begin with. */
  readonly origin: string;
}

/** An answer before it is compressed. Text that comes in pieces is sent as it comes. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
  /** What the request log calls it, where it is a refusal. */
  readonly error?: string;
}

/** What a request is answered from. */
export interface World {
  readonly tenant: TenantObjects;
  readonly settings: Settings;
  readonly circumstances: Circumstances;
}

/** What a fault makes of a listing or a read, where the answer is wrong and does not look it. */
export interface Circumstances {
  /** Rows of a page, whatever was asked for. */
  readonly pageRows?: number;
  /** Every page is the first. */
  readonly ignoresSkip?: boolean;
  /** The list's first object goes before the page is made. */
  readonly losesFirst?: boolean;
  /** Objects are as they were before their last change. */
  readonly isStale?: boolean;
}

export const JSON_TYPE = "application/json; charset=utf-8";
export const XML_TYPE = "application/xml; charset=utf-8";

/** What a caller without a token gets, as if it were a browser: the page for people who have to log in, with status 200. */
export const LOGIN_PAGE: Reply = {
  status: 200,
  type: "text/html; charset=utf-8",
  body: "<!DOCTYPE html><html><head><title>Log On</title></head><body>Please contact your system administrator and ensure you have an active account on this system.</body></html>",
};

/** The value of a header, several of one name joined as the protocol has it; empty where there is none. */
export function headerOf({ headers }: Exchange, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? "");
}

/** A number in the query: `fallback` where it is absent, null where it is none. */
export function numberIn(query: URLSearchParams, key: string, fallback: number): number | null {
  const text = query.get(key);
  if (text === null) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
