// oxlint-disable vitest/no-conditional-expect -- the run that is troubled makes the assertions
import { afterAll, expect, test } from "vitest";
import type { Asset } from "../../src/model/asset.ts";
import { type Fault, FAULTS, type FaultName } from "../../src/sandbox/glue/faults.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGluePipeline } from "../helpers/glue-pipeline.ts";
import { recordResult } from "../processes/campaign-result.ts";

/** Every so manieth place is tried of each fault: 1 is all of them. Without it, a sample, and no result is written. */
const EVERY = Number(process.env["EVERY_FAULT"] ?? 0);
const tried = { faults: 0, requests: 0, runs: 0 };
const findings: string[] = [];
const started = performance.now();

const asset = (n: number, business_name: string): Asset => anAsset({ name: `T${n}`, business_name });

/**
 * A run over twenty assets: ten new ones, eight changed, two gone, and people's edits on all that stand. One request of it meets the fault.
 * Afterwards at most two more runs must lead to where the same runs without it lead.
 */
async function troubledRun(fault: FaultName, at: number): Promise<number> {
  const pipeline = await aGluePipeline({
    settings: { max_parallel_jobs: 4, retry: { attempts: 3, base_ms: 1, max_ms: 5 } },
    target: { requestTimeoutMs: 250 },
  });
  const { tenant, sandbox, sync } = pipeline;
  for (let n = 0; n < 10; n++) tenant.put(asset(n, "before"));
  await sync();
  const people = peopleOf(pipeline.glue);
  for (let n = 0; n < 8; n++) await people.setParameter(`dsp_sales.t${n}`, "pii", `of ${n}`);
  await people.describe("dsp_sales.t3", "typed by hand");
  for (let n = 0; n < 8; n++) tenant.put(asset(n, "after"));
  for (let n = 8; n < 10; n++) tenant.delete(`SALES.T${n}`);
  for (let n = 10; n < 20; n++) tenant.put(asset(n, "new"));

  sandbox.reset({ counts: true });
  const injected: Fault = { fault, at, times: 1, ms: fault === "slow" ? 20 : 300 };
  sandbox.fault(injected);
  await sync().catch((error: unknown) => expect(error).toMatchObject({ code: "target_unavailable" }));
  const { calls } = sandbox.counts();
  sandbox.clearFaults();
  for (let runs = 0; runs < 3; runs++) await sync();

  const tables = new Map(sandbox.tables("dsp_sales").map((table) => [table.Name, table]));
  expect([...tables.keys()].toSorted()).toEqual(
    [...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `t${n}`), ...Array.from({ length: 10 }, (_, n) => `t${n + 10}`)].toSorted(),
  );
  for (let n = 0; n < 8; n++) {
    expect(tables.get(`t${n}`)).toMatchObject({
      Description: n === 3 ? "typed by hand" : "after",
      Parameters: { pii: `of ${n}`, "tidemark.business_name": "after" },
    });
  }
  for (let n = 10; n < 20; n++) expect(tables.get(`t${n}`)?.Description).toBe("new");
  sandbox.reset({ counts: true });
  expect(await sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 18 } });
  expect(sandbox.counts().writes).toBe(0);
  expect((await pipeline.verify()).summary).toMatchObject({ unchanged: 18, edited: 0, missing: 0, added: 0 });
  return calls;
}

const names = Object.keys(FAULTS) as FaultName[];

test.each(names)(
  "%s, on whichever request of a sync of twenty assets: the right outcome, and no edit is lost",
  { timeout: 3_600_000 },
  async (fault) => {
    const calls = await troubledRun(fault, 1_000);
    const places = Array.from({ length: calls }, (_, index) => index + 1);
    // Each fault has its own places.
    const offset = names.indexOf(fault);
    const chosen = places.filter((place) => (EVERY > 0 ? (place + offset) % EVERY === 0 : (place * 7 + offset * 3) % 17 === 0));
    const found: string[] = [];
    for (const at of chosen)
      await troubledRun(fault, at).catch((error: unknown) => found.push(`${fault} at request ${at}: ${(error as Error).message}`));
    tried.faults++;
    tried.requests += calls;
    tried.runs += chosen.length;
    findings.push(...found);
    expect(found).toEqual([]);
  },
);

afterAll(() => {
  if (EVERY === 0) return;
  recordResult("campaign-requests", {
    command: `EVERY_FAULT=${EVERY} npx vitest run test/scenarios/every-fault.test.ts`,
    ...tried,
    findings,
    seconds: Math.round((performance.now() - started) / 1_000),
  });
});
