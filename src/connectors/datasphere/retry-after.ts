import type { Clock } from "../../ports/clock.ts";

/** How long an answer asks to wait, in milliseconds; null where it does not say. A date is counted from the answer's own, since our clock may be off. */
export function retryAfterMs(headers: ReadonlyMap<string, string>, clock: Clock): number | null {
  const said = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1_000;
  const until = Date.parse(said);
  if (Number.isNaN(until)) return null;
  const now = Date.parse(headers.get("date") ?? "");
  return Math.max(0, until - (Number.isNaN(now) ? clock.now() : now));
}
