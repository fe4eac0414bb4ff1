import type { ExitCode } from "../../engine/exit-code.ts";
import { FAILURES, type TidemarkError } from "../../model/errors.ts";

/** One thing that `doctor` looked at. */
export interface Check {
  /** What was looked at: `config`, `store`, …, or a permission by the name of its IAM action. */
  readonly name: string;
  readonly status: "ok" | "warning" | "failed" | "skipped";
  /** What was found, or why nothing was asked: whole sentences. */
  readonly message: string;
  /** The way out. */
  readonly remedy?: string;
  /** Of a failed check: the exit code of a sync that would meet the same. Default 1. */
  readonly exit?: ExitCode;
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

export function warning(name: string, message: string, remedy?: string): Check {
  return { name, status: "warning", message, ...(remedy === undefined ? {} : { remedy }) };
}

export function failed(name: string, message: string, remedy: string, exit: ExitCode = 1): Check {
  return { name, status: "failed", message, remedy, exit };
}

export function skipped(name: string, message: string): Check {
  return { name, status: "skipped", message };
}

/** A failed check that says what a sync would say. */
export function failedBy(name: string, { code, message, remedy }: TidemarkError): Check {
  return { name, status: "failed", message, exit: FAILURES[code].exit, remedy };
}
