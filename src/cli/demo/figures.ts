import type { RunReport } from "../../model/report.ts";
import type { DemoRun } from "./run-demo.ts";

/** What the original design document promises for 1,000 assets: percent saved against a full sync. */
export const ORIGINAL: { readonly [act in DemoRun["act"]["name"]]?: { readonly bytes: number; readonly time: number } } = {
  changed: { bytes: 85.6, time: 80.7 },
  metadata: { bytes: 98.0, time: 93.1 },
};

/** What a run cost, and what it saved against the full sync of the same demo. */
export interface Figures {
  readonly changed: number;
  /** Bytes of files read. */
  readonly read: number;
  /** Calls to Glue, and bytes to and from it. */
  readonly calls: number;
  readonly sent: number;
  readonly received: number;
  readonly ms: number;
  /** Percent, of the bytes those to and from Glue; null for the full sync itself. */
  readonly saved: { readonly calls: number; readonly bytes: number; readonly time: number } | null;
}

/** The figures of a run beside those of the full sync. */
export function figuresOf({ act, report }: DemoRun, full: RunReport): Figures {
  const { created, modified, schema_changed, metadata_changed, deleted } = report.summary;
  return {
    changed: created + modified + schema_changed + metadata_changed + deleted,
    read: report.bytes.source.received,
    calls: report.requests.target,
    sent: report.bytes.target.sent,
    received: report.bytes.target.received,
    ms: report.duration_ms,
    saved:
      act.name === "full"
        ? null
        : {
            calls: percentSaved(report.requests.target, full.requests.target),
            bytes: percentSaved(glueBytes(report), glueBytes(full)),
            time: percentSaved(report.duration_ms, full.duration_ms),
          },
  };
}

function glueBytes({ bytes }: RunReport): number {
  return bytes.target.sent + bytes.target.received;
}

// A run that cost more than the full sync saved a negative share: it is told, not hidden.
function percentSaved(now: number, full: number): number {
  return full === 0 ? 0 : Math.round((1 - now / full) * 1000) / 10;
}
