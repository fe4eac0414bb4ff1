import * as z from "zod";
import type { Turns } from "../http/fault-plan.ts";
import { type Operation, OPERATIONS } from "./routes.ts";
import { STRIKES, type FaultName } from "./strikes.ts";

/** A fault to inject. It matches the requests of its operation, space and name, as far as these are given and it has a meaning there. */
export interface Fault extends Turns {
  readonly fault: FaultName;
  readonly operation?: Operation | undefined;
  readonly space?: string | undefined;
  readonly name?: string | undefined;
  /** How long `slow` and `drip` take (default 1000), and after how long `hang` breaks the connection (never, when absent). */
  readonly ms?: number | undefined;
  /** The status that `status` answers with. Default 500. */
  readonly status?: number | undefined;
  /** What `throttle` and `unavailable` say in `Retry-After`: seconds or a date. Default `1`; the empty string leaves the header out. */
  readonly retry_after?: string | undefined;
  /** Where `redirect` and `foreign_next_link` lead. */
  readonly location?: string | undefined;
  /** Rows that `short_page` and `missing_next_link` leave of a page. Default 0, and half of them. */
  readonly rows?: number | undefined;
  /** How deep `deep_json` (default 70) and `deep_xml` (default 200,000) go. */
  readonly levels?: number | undefined;
  /** How much `gzip_bomb` unpacks to. Default 256 MiB. */
  readonly bytes?: number | undefined;
  /** What `wrong_content_type` says. Default `text/plain`. */
  readonly content_type?: string | undefined;
}

/** What is known of a request when its fault is looked for. */
export interface Target {
  readonly operation: Operation;
  readonly space?: string | undefined;
  readonly name?: string | undefined;
}

/** Whether a request is one that the fault waits for. */
export function matches(fault: Fault, target: Target): boolean {
  return (
    STRIKES[fault.fault].on.includes(target.operation) &&
    (fault.operation === undefined || fault.operation === target.operation) &&
    (fault.space === undefined || fault.space === target.space) &&
    (fault.name === undefined || fault.name === target.name)
  );
}

/** Faults as the control API takes them. */
export const faultList: z.ZodType<readonly Fault[]> = z.array(
  z.strictObject({
    fault: z.enum(Object.keys(STRIKES) as [FaultName, ...FaultName[]]),
    operation: z.enum(OPERATIONS as [Operation, ...Operation[]]).optional(),
    space: z.string().optional(),
    name: z.string().optional(),
    at: z.int().min(1).optional(),
    times: z.union([z.int().min(1), z.literal("always")]).optional(),
    ms: z.number().min(0).optional(),
    status: z.int().min(200).max(599).optional(),
    retry_after: z.string().optional(),
    location: z.string().optional(),
    rows: z.int().min(0).optional(),
    levels: z.int().min(1).max(5_000_000).optional(),
    bytes: z
      .int()
      .min(1)
      .max(2 ** 33)
      .optional(),
    content_type: z.string().optional(),
  }),
);
