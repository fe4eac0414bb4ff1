import type { CallOptions } from "../../ports/call.ts";

/** Reads from the tenant. Everything in this folder goes through one of these, so that all share its budget and its token. */
export interface TenantHttp {
  /**
   * One read, paced by the tenant's budget and repeated while that may help. Answers for what the tenant decided: 200, 304, 400, 403,
   * 404, 405, 406 and 413. Throws {@link TenantError} for everything else, and the signal's reason.
   */
  get(request: TenantRequest, options: CallOptions): Promise<TenantReply>;
}

export interface TenantRequest {
  /** A path on the tenant, encoded and with its query, or an address that must be the tenant's own. */
  readonly url: string;
  readonly accept: string;
  /** The tag of an earlier answer: 304 tells that it still holds. */
  readonly if_none_match?: string;
  /** How large the body may be, unpacked. 64 MiB unless told otherwise. */
  readonly max_bytes?: number;
}

/** An answer that is whole: its length agrees, its compression ended as it should, and it is no page for people. */
export interface TenantReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Unpacked. */
  readonly body: Uint8Array;
  /** The address that was asked, whole: what a relative link in the body is relative to. */
  readonly url: string;
}

/**
 * Why there is no answer to believe.
 *
 * ```
 * forbidden      the technical user may not read there
 * unauthorized   no token, or one that is not accepted: no read can succeed
 * throttled      too many requests, however long we waited
 * unavailable    no connection, no answer in time, or a status that promises nothing
 * cut            the body ended before its end, or its compression is damaged
 * html           a page for people instead of data: as a rule one to log in with
 * too_large      the body is larger than allowed
 * foreign        an address that is not the tenant's, or not a reader's: nothing was sent
 * redirected     an answer that points elsewhere: not followed
 * unreadable     a body that is whole and not what it has to be
 * ```
 */
export type TenantErrorKind =
  | "forbidden"
  | "unauthorized"
  | "throttled"
  | "unavailable"
  | "cut"
  | "html"
  | "too_large"
  | "foreign"
  | "redirected"
  | "unreadable";

/** No answer to believe. `message` is half a sentence that goes on behind "…: ", without a stop at its end, and holds no secret. */
export class TenantError extends Error {
  readonly kind: TenantErrorKind;

  constructor(kind: TenantErrorKind, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TenantError";
    this.kind = kind;
  }
}
