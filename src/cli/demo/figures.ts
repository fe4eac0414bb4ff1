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
  /** Requests to the tenant, and bytes to and from it. */
  readonly tenant: EndFigures;
  /** Requests to Glue, and bytes to and from it. */
  readonly glue: EndFigures;
  readonly ms: number;
  /** Percent, of both ends together; null for the full sync itself. */
  readonly saved: { readonly requests: number; readonly bytes: number; readonly time: number } | null;
}

export interface EndFigures {
  readonly requests: number;
  readonly sent: number;
  readonly received: number;
}

/** The figures of a run beside those of the full sync. */
export function figuresOf({ act, report }: DemoRun, full: RunReport): Figures {
  const { created, modified, schema_changed, metadata_changed, deleted } = report.summary;
  return {
    changed: created + modified + schema_changed + metadata_changed + deleted,
    tenant: { requests: report.requests.source, ...report.bytes.source },
    glue: { requests: report.requests.target, ...report.bytes.target },
    ms: report.duration_ms,
    saved:
      act.name === "full"
        ? null
        : {
            requests: percentSaved(allRequests(report), allRequests(full)),
            bytes: percentSaved(allBytes(report), allBytes(full)),
            time: percentSaved(report.duration_ms, full.duration_ms),
          },
  };
}

function allRequests({ requests }: RunReport): number {
  return requests.source + requests.target;
}

function allBytes({ bytes: { source, target } }: RunReport): number {
  return source.sent + source.received + target.sent + target.received;
}

// A run that cost more than the full sync saved a negative share: it is told, not hidden.
function percentSaved(now: number, full: number): number {
  return full === 0 ? 0 : Math.round((1 - now / full) * 1000) / 10;
}
