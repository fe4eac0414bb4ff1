import type { Called } from "../../connectors/glue/calls.ts";
import { isLoopback } from "../../connectors/glue/client.ts";
import { FAILURES } from "../../model/errors.ts";
import { type Check, failed, ok, skipped, warning } from "./check.ts";
import type { Exchange } from "./glue-access.ts";

const UNAVAILABLE = FAILURES.target_unavailable.exit;

/** What the first call says of the way to the endpoint and of its encryption. Any answer of the service, a refusal too, is an answer. */
export function endpointChecks(address: string, exchange: Exchange | null, first: Called<unknown>): readonly Check[] {
  const distrust = first.ok ? null : distrustIn(first.cause);
  if (distrust !== null) {
    return [
      failed(
        "tls",
        `The certificate of ${address} is not trusted: ${distrust}.`,
        "Give the certificate of its authority in a file by NODE_EXTRA_CA_CERTS, and check the endpoint's name.",
        UNAVAILABLE,
      ),
      skipped("endpoint", "Not asked: its certificate is not trusted."),
    ];
  }
  if (!first.ok && UNDECIDED.has(first.kind)) {
    const remedy =
      first.kind === "credentials"
        ? "Give the region and valid AWS credentials (configuration, environment, profile or role)."
        : "Check endpoint, region, proxy and network.";
    const tls = first.kind === "unreachable" ? skipped("tls", "Not asked: the endpoint was not reached.") : tlsCheck(exchange);
    return [failed("endpoint", `AWS Glue (${address}) does not answer: ${first.message}.`, remedy, UNAVAILABLE), tls];
  }
  return [ok("endpoint", `AWS Glue (${address}) answers.`), tlsCheck(exchange)];
}

function tlsCheck(exchange: Exchange | null): Check {
  if (exchange === null) return skipped("tls", "Not asked: no request was sent.");
  const { origin } = exchange;
  if (origin.startsWith("http:")) {
    return isLoopback(origin)
      ? skipped("tls", "The endpoint is on this machine and speaks plain HTTP.")
      : warning("tls", `Requests to ${origin} go out unencrypted.`, "Give an endpoint that begins with https:.");
  }
  return process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0"
    ? warning("tls", "NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate is checked.", "Unset it; NODE_EXTRA_CA_CERTS adds an authority.")
    : ok("tls", `The connection to ${origin} is encrypted, its certificate checked.`);
}

/** The code of a certificate that Node does not trust; null for any other failure. */
function distrustIn(cause: unknown): string | null {
  const { code = "" } = (cause ?? {}) as { readonly code?: string };
  return /CERT|UNABLE_TO_(VERIFY|GET)|ALTNAME/.test(code) ? code : null;
}

const UNDECIDED: ReadonlySet<string> = new Set(["unreachable", "unknown", "credentials"]);

/** What the service's `Date` says of this machine's clock. AWS refuses signatures that are five minutes off. */
export function clockCheck(skewMs: number | null): Check {
  if (skewMs === null) return skipped("clock", "The endpoint does not tell the time.");
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const message = `This machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the endpoint's.`;
  const remedy = "Set the clock, by NTP for instance: AWS refuses requests that are signed five minutes off.";
  if (seconds >= 300) return failed("clock", message, remedy, UNAVAILABLE);
  if (seconds >= 60) return warning("clock", message, remedy);
  return ok("clock", "This machine's clock agrees with the endpoint's to the minute.");
}
