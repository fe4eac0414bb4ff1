import { expect, test } from "vitest";
import { type FailureKind, failureOf, problemCodeOf } from "./errors.ts";

const named = (name: string, message = "said the service", httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
const coded = (code: string): Error => Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });

test.each<[what: string, error: unknown, kind: FailureKind]>([
  ["gone", named("EntityNotFoundException"), "absent"],
  ["there already", named("AlreadyExistsException"), "exists"],
  ["written by somebody since", named("ConcurrentModificationException"), "stale"],
  ["too fast", named("ThrottlingException", "Rate exceeded"), "throttled"],
  ["too fast, by a proxy", named("UnknownError", "slow down", 429), "throttled"],
  ["not allowed", named("AccessDeniedException"), "denied"],
  ["bad input", named("InvalidInputException"), "invalid"],
  ["an operation that the endpoint does not know", named("UnknownOperationException"), "invalid"],
  ["a text that is too long", named("ValidationException", "Member must have length less than or equal to 255"), "too_large"],
  ["a full catalog", named("ResourceNumberLimitExceededException"), "too_large"],
  ["a body too large", named("UnknownError", "no", 413), "too_large"],
  ["an expired token", named("ExpiredTokenException"), "credentials"],
  ["no credentials", named("CredentialsProviderError", "Could not load credentials from any providers", 0), "credentials"],
  ["no region", new Error("Region is missing"), "credentials"],
  ["nobody listens", coded("ECONNREFUSED"), "unreachable"],
  ["no such host", coded("ENOTFOUND"), "unreachable"],
  ["nobody listens at any of its addresses", new AggregateError([coded("ECONNREFUSED"), coded("EHOSTUNREACH")], ""), "unreachable"],
  ["one of its addresses broke off", new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")], ""), "unknown"],
  ["broken off", coded("ECONNRESET"), "unknown"],
  ["timed out here", named("TimeoutError", "no answer", 0), "unknown"],
  ["timed out there", named("OperationTimeoutException"), "unknown"],
  ["failed inside", named("InternalServiceException", "oops", 500), "unknown"],
  ["a page of HTML", new SyntaxError("Unexpected token '<'"), "unknown"],
  ["a proxy's 403", named("UnknownError", "forbidden", 403), "unknown"],
  ["not even an error", undefined, "unknown"],
])("%s", (_what, error, kind) => {
  expect(failureOf(error)).toMatchObject({ ok: false, kind, cause: error });
});

test("the words are the service's own, on one line", () => {
  expect(failureOf(named("ValidationException", "1 error:\n  name")).message).toBe("ValidationException: 1 error: name");
  expect(failureOf(coded("ECONNREFUSED")).message).toBe("ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1");
  expect(failureOf("just a text").message).toBe("just a text");
});

test.each<[FailureKind, string]>([
  ["unreachable", "target_unavailable"],
  ["credentials", "target_unavailable"],
  ["too_large", "limit_exceeded"],
  ["unknown", "outcome_unknown"],
  ["denied", "write_failed"],
  ["throttled", "write_failed"],
])("a write that failed as %s is reported as %s", (kind, code) => {
  expect(problemCodeOf(kind)).toBe(code);
});
