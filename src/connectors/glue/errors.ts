import type { ProblemCode } from "../../model/errors.ts";

/**
 * What a failed call means.
 *
 * ```
 * absent        the table or database is not there
 * exists        a table or database of that name is there
 * stale         the compare-and-set failed: somebody wrote since
 * throttled     certainly no effect; worth another attempt, slower
 * later         certainly no effect; worth another attempt
 * denied        the caller may not: proves neither absence nor presence
 * invalid       the service does not take the input
 * too_large     the input or the catalog is beyond a limit
 * credentials   no call can succeed: none found, expired, not accepted, or no region
 * unreachable   nothing answers at that address, so nothing was sent
 * unknown       sent, and no answer that tells: perhaps an effect
 * ```
 */
export type FailureKind =
  | "absent"
  | "exists"
  | "stale"
  | "throttled"
  | "later"
  | "denied"
  | "invalid"
  | "too_large"
  | "credentials"
  | "unreachable"
  | "unknown";

export interface Failure {
  readonly ok: false;
  readonly kind: FailureKind;
  /** The service's or the network's own words, on one line. */
  readonly message: string;
  readonly cause: unknown;
}

/** Sorts what the SDK threw. */
export function failureOf(error: unknown): Failure {
  return { ok: false, kind: kindOf(error), message: wordsOf(error), cause: error };
}

/** The code under which a failed write of an asset is reported. */
export function problemCodeOf(kind: FailureKind): ProblemCode {
  switch (kind) {
    case "credentials":
    case "unreachable":
      return "target_unavailable";
    case "too_large":
      return "limit_exceeded";
    case "unknown":
      return "outcome_unknown";
    case "absent":
    case "exists":
    case "stale":
    case "throttled":
    case "later":
    case "denied":
    case "invalid":
      return "write_failed";
  }
}

const BY_NAME: ReadonlyMap<string, FailureKind> = new Map([
  ["EntityNotFoundException", "absent"],
  ["AlreadyExistsException", "exists"],
  ["ConcurrentModificationException", "stale"],
  ["ThrottlingException", "throttled"],
  ["Throttling", "throttled"],
  ["ThrottledException", "throttled"],
  ["RequestLimitExceeded", "throttled"],
  ["TooManyRequestsException", "throttled"],
  ["ResourceNotReadyException", "later"],
  ["FederationSourceRetryableException", "later"],
  ["AccessDeniedException", "denied"],
  ["AccessDenied", "denied"],
  ["UnauthorizedOperation", "denied"],
  ["InvalidInputException", "invalid"],
  ["ValidationException", "invalid"],
  ["SerializationException", "invalid"],
  ["GlueEncryptionException", "invalid"],
  ["FederationSourceException", "invalid"],
  ["ResourceNumberLimitExceededException", "too_large"],
  ["RequestEntityTooLargeException", "too_large"],
  ["CredentialsProviderError", "credentials"],
  ["TokenProviderError", "credentials"],
  ["ExpiredTokenException", "credentials"],
  ["ExpiredToken", "credentials"],
  ["UnrecognizedClientException", "credentials"],
  ["InvalidClientTokenId", "credentials"],
  ["InvalidSignatureException", "credentials"],
  ["SignatureDoesNotMatch", "credentials"],
  ["IncompleteSignatureException", "credentials"],
  ["MissingAuthenticationTokenException", "credentials"],
  // Says that it timed out on its side, in spite of its status 400.
  ["OperationTimeoutException", "unknown"],
  ["InternalServiceException", "unknown"],
]);

const NOTHING_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_PROXY_TUNNEL",
]);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly unknown[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function kindOf(error: unknown): FailureKind {
  const { name = "", code = "", message = "", errors, $metadata } = (error ?? {}) as SdkError;
  // An address with several numbers: the attempts at each.
  if (errors !== undefined && errors.length > 0 && errors.every((one) => kindOf(one) === "unreachable")) return "unreachable";
  if (NOTHING_SENT.has(code)) return "unreachable";
  if (message === "Region is missing") return "credentials";
  const byName = BY_NAME.get(name);
  if (byName === "invalid" && TOO_LONG.test(message)) return "too_large";
  if (byName !== undefined) return byName;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return "throttled";
  if (status === 413) return "too_large";
  // A page of a proxy has no error name that we know: its status is no proof of what the service did.
  return status >= 400 && status < 500 && $metadata !== undefined && name.endsWith("Exception") ? "invalid" : "unknown";
}

const TOO_LONG = /length less than or equal to|size less than or equal to|too (long|large)|exceed/i;

function wordsOf(error: unknown): string {
  const { name = "", code = "", message = String(error) } = (error ?? {}) as SdkError;
  const title = name === "" || name === "Error" ? code : name;
  const text = message.replaceAll(/\s+/g, " ").trim().slice(0, 500);
  return title === "" || text.startsWith(title) ? text : `${title}: ${text}`;
}
