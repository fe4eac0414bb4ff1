import { FAILURES, type FailureCode, type Problem, type Severity, severityOf } from "../model/errors.ts";
import type { PlanSummary } from "../model/plan.ts";
import type { RunStatus } from "../model/report.ts";

/** What the process answers with. Each code's meaning stands in {@link EXIT_CODES}. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 130;

/** Every exit code and its meaning, strongest first: where several apply, the first of this list is the one. */
export const EXIT_CODES: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: 130, meaning: "interrupted" },
  { code: 7, meaning: "the state cannot be written" },
  { code: 6, meaning: "the state is damaged, lost or newer than this Tidemark" },
  { code: 5, meaning: "another run holds the lease" },
  { code: 9, meaning: "the target is unavailable" },
  { code: 4, meaning: "refused by the guard: the plan deletes too much" },
  { code: 8, meaning: "the source's listing is incomplete; the rest was done" },
  { code: 3, meaning: "partly applied: an asset failed, collides or is withheld by a conflict" },
  { code: 1, meaning: "error, also wrong usage or configuration" },
  { code: 2, meaning: "plan: there are changes; verify: there is drift" },
  { code: 0, meaning: "fine; plan: nothing to do" },
];

/** What else than problems bears on the exit code. */
export interface Found {
  /** What ended the run or command early. */
  readonly failure?: FailureCode;
  /** The summary of a plan that was only shown: then an asset's problem is one more thing found (2), never "partly applied" (3). */
  readonly planned?: PlanSummary;
  /** Steps that failed while a plan was carried out. */
  readonly failed?: number;
}

/** The one exit code of all that was met. */
export function exitCodeOf(problems: Iterable<Pick<Problem, "code">>, found: Found = {}): ExitCode {
  const met = new Set<ExitCode>([0]);
  for (const problem of problems) met.add(codeOfSeverity(severityOf(problem.code), found.planned !== undefined));
  if (found.failure !== undefined) met.add(FAILURES[found.failure].exit);
  if (found.failed !== undefined && found.failed > 0) met.add(3);
  if (found.planned !== undefined && hasFindings(found.planned)) met.add(2);
  return strongest(met);
}

/** The strongest of several exit codes. */
export function strongest(codes: ReadonlySet<ExitCode>): ExitCode {
  return EXIT_CODES.find(({ code }) => codes.has(code))?.code ?? 0;
}

/** How a run's report calls itself: the word for its exit code. */
export function statusOf(code: ExitCode): RunStatus {
  switch (code) {
    case 0:
      return "succeeded";
    case 3:
    case 8:
      return "partial";
    case 4:
      return "refused";
    case 1:
    case 2:
    case 5:
    case 6:
    case 7:
    case 9:
    case 130:
      return "failed";
  }
}

function codeOfSeverity(severity: Severity, onlyPlanned: boolean): ExitCode {
  switch (severity) {
    case "warning":
      return 0;
    case "asset":
      return onlyPlanned ? 2 : 3;
    case "listing":
      return 8;
    case "target":
      return 9;
    case "guard":
      return 4;
    case "interrupted":
      return 130;
  }
}

function hasFindings(summary: PlanSummary): boolean {
  const { created, modified, schema_changed, metadata_changed, deleted, withheld } = summary;
  return created + modified + schema_changed + metadata_changed + deleted + withheld > 0;
}
