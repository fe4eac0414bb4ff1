import * as z from "zod";
import { OPERATIONS } from "./operations.ts";

/** What can be turned while the sandbox runs. */
export interface Settings {
  /** Calls of writing operations a second, all together; null for no limit. */
  readonly writes_per_second: number | null;
  /** Calls a second of single operations, by name. */
  readonly calls_per_second: Readonly<Record<string, number>>;
  /** Added before every answer. */
  readonly latency_ms: number;
  /** Versions of a table, the current one included. */
  readonly version_limit: number;
  /** Tables in a database. */
  readonly table_limit: number;
  /** Databases in a catalog. */
  readonly database_limit: number;
}

/** No throttling, no latency, and the quotas that AWS publishes. */
export const DEFAULT_SETTINGS: Settings = {
  writes_per_second: null,
  calls_per_second: {},
  latency_ms: 0,
  version_limit: 100_000,
  table_limit: 200_000,
  database_limit: 10_000,
};

/** Settings as the control API takes them: any part of them. */
export const settingsChange: z.ZodType<Partial<Settings>> = z
  .strictObject({
    writes_per_second: z.number().positive().nullable(),
    calls_per_second: z.record(
      z.string().refine((name) => OPERATIONS.has(name), "not an operation of the sandbox"),
      z.number().positive(),
    ),
    latency_ms: z.number().min(0),
    version_limit: z.int().min(1),
    table_limit: z.int().min(0),
    database_limit: z.int().min(0),
  })
  .partial() as z.ZodType<Partial<Settings>>;
