import * as z from "zod";
import type { Turns } from "../http/fault-plan.ts";

export type FaultName =
  | "reset_before"
  | "reset_after"
  | "hang"
  | "hang_after"
  | "throttle"
  | "internal_error_before"
  | "internal_error_after"
  | "operation_timeout_before"
  | "operation_timeout_after"
  | "access_denied"
  | "concurrent_modification"
  | "error_before"
  | "error_after"
  | "html"
  | "html_after"
  | "truncated_body"
  | "slow"
  | "short_page";

/** What a fault does, and whether the operation takes place: not at all (`before`), unseen (`after`), or as ever but answered otherwise (`with`). */
export interface FaultEffect {
  readonly when: "before" | "after" | "with";
  readonly does: "reset" | "hang" | "error" | "html" | "truncate" | "wait" | "shorten";
  readonly code?: string;
  readonly message?: string;
}

const INTERNAL = { code: "InternalServiceException", message: "An internal service error occurred." };
const TIMEOUT = { code: "OperationTimeoutException", message: "The operation timed out." };
const INJECTED = { code: "InternalServiceException", message: "Injected by the sandbox." };

export const FAULTS: Readonly<Record<FaultName, FaultEffect>> = {
  reset_before: { when: "before", does: "reset" },
  reset_after: { when: "after", does: "reset" },
  hang: { when: "before", does: "hang" },
  hang_after: { when: "after", does: "hang" },
  throttle: { when: "before", does: "error", code: "ThrottlingException", message: "Rate exceeded" },
  internal_error_before: { when: "before", does: "error", ...INTERNAL },
  internal_error_after: { when: "after", does: "error", ...INTERNAL },
  operation_timeout_before: { when: "before", does: "error", ...TIMEOUT },
  operation_timeout_after: { when: "after", does: "error", ...TIMEOUT },
  access_denied: { when: "before", does: "error", code: "AccessDeniedException", message: "Insufficient Lake Formation permission(s)" },
  concurrent_modification: {
    when: "before",
    does: "error",
    code: "ConcurrentModificationException",
    message: "Update table failed due to concurrent modifications.",
  },
  error_before: { when: "before", does: "error", ...INJECTED },
  error_after: { when: "after", does: "error", ...INJECTED },
  html: { when: "before", does: "html" },
  html_after: { when: "after", does: "html" },
  truncated_body: { when: "after", does: "truncate" },
  slow: { when: "with", does: "wait" },
  short_page: { when: "with", does: "shorten" },
};

/** A fault to inject. */
export interface Fault extends Turns {
  readonly fault: FaultName;
  /** The operation that it waits for; every operation when absent. */
  readonly operation?: string | undefined;
  /** How long `slow` waits (default 1000), and after how long `hang` and `hang_after` break the connection (never, when absent). */
  readonly ms?: number | undefined;
  /** The error that `error_before` and `error_after` answer with. */
  readonly code?: string | undefined;
  /** The text of any error. */
  readonly message?: string | undefined;
  /** Rows of a page under `short_page`. Default 0: an empty page that has more behind it. */
  readonly rows?: number | undefined;
}

/** Faults as the control API takes them. */
export const faultList: z.ZodType<readonly Fault[]> = z.array(
  z.strictObject({
    fault: z.enum(Object.keys(FAULTS) as [FaultName, ...FaultName[]]),
    operation: z.string().optional(),
    at: z.int().min(1).optional(),
    times: z.union([z.int().min(1), z.literal("always")]).optional(),
    ms: z.number().min(0).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    rows: z.int().min(0).max(100).optional(),
  }),
);
