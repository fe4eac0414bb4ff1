import { figuresOf, ORIGINAL } from "../../demo/figures.ts";
import type { DemoOptions, DemoRun } from "../../demo/run-demo.ts";
import { runReportJson } from "./run-report.ts";

/** What `demo --json` prints: the reports of its runs, and what each saved against the first. */
export function demoJson({ assets, seed }: DemoOptions, runs: readonly DemoRun[]): { readonly [key: string]: unknown } {
  const [full] = runs;
  return {
    assets,
    seed,
    simulated: {
      source: "a made-up tenant in a sandbox on this machine that speaks the protocols of SAP Datasphere, without a rate limit",
      target: "a sandbox on this machine that speaks the protocol of AWS Glue",
    },
    runs: runs.map((run) => {
      const { changed, tenant, glue, ms, saved } = figuresOf(run, (full ?? run).report);
      return {
        name: run.act.name,
        changed,
        tenant_requests: tenant.requests,
        tenant_bytes: { sent: tenant.sent, received: tenant.received },
        glue_requests: glue.requests,
        glue_bytes: { sent: glue.sent, received: glue.received },
        duration_ms: ms,
        saved_percent: saved,
        original_design_percent: ORIGINAL[run.act.name] ?? null,
        report: runReportJson(run.report),
      };
    }),
  };
}
