import type { TenantReply } from "./tenant-http.ts";

/** True for a page that a browser would show, where data was asked for: as a rule one to log in with. `accept` is what was asked for. */
export function isForPeople({ headers, body }: TenantReply, accept: string): boolean {
  if (/^text\/html\b/i.test(headers.get("content-type") ?? "")) return true;
  const start = Buffer.from(body.subarray(0, 256)).toString("latin1").trimStart().toLowerCase();
  return /^<(!doctype html|html)\b/.test(start) || (start.startsWith("<") && !accept.includes("xml"));
}
