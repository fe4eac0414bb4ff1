import { cp, rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { sync } from "../../src/engine/sync.ts";
import { verify } from "../../src/engine/verify.ts";
import type { Parts } from "../../src/engine/parts.ts";
import type { RunReport } from "../../src/model/report.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGluePipeline, type GluePipeline } from "../helpers/glue-pipeline.ts";
import { aStateFolder, sqliteStore } from "../helpers/sqlite-harness.ts";
import { differencesAtRest } from "../processes/differences-at-rest.ts";

const table = (name: string, business_name = name): ReturnType<typeof anAsset> => anAsset({ name, business_name });

/** A pipeline with its state in a folder, of which a copy was taken when four tables were in step and before all that came since. */
async function withOldCopy(): Promise<
  Pick<GluePipeline, "tenant" | "sandbox"> & {
    readonly people: ReturnType<typeof peopleOf>;
    run(): Promise<RunReport>;
    /** Puts the whole folder back as it was copied. */
    putBack(): Promise<void>;
    differences(assets: number): Promise<readonly string[]>;
    /** How many tables `verify` finds that bear our mark and are not known. */
    added(): Promise<number>;
  }
> {
  const pipeline = await aGluePipeline();
  const state = await aStateFolder({ on: "memory" });
  onTestFinished(() => state[Symbol.asyncDispose]());
  const using = <T>(work: (parts: Parts) => Promise<T>): Promise<T> =>
    pipeline.using((parts) => work({ ...parts, store: sqliteStore(state.folder) }));
  const run = (): Promise<RunReport> => using((parts) => sync(parts, { signal: AbortSignal.timeout(60_000) }));
  for (const name of ["Changed", "Removed", "Same", "Later"]) pipeline.tenant.put(table(name));
  expect((await run()).status).toBe("succeeded");
  const copy = `${state.folder}-copy`;
  await cp(state.folder, copy, { recursive: true });
  return {
    tenant: pipeline.tenant,
    sandbox: pipeline.sandbox,
    people: peopleOf(pipeline.glue),
    run,
    putBack: async () => {
      await rm(state.folder, { recursive: true });
      await cp(copy, state.folder, { recursive: true });
    },
    differences: (assets) => using((parts) => differencesAtRest(parts, assets)),
    added: () =>
      using(async (parts) => {
        await using found = await verify(parts, { signal: AbortSignal.timeout(60_000) });
        return found.summary.added;
      }),
  };
}

test("a whole state folder of an earlier day that is put back is made true by at most two runs, and no edit of people's and no table is lost", async () => {
  const { tenant, sandbox, people, run, putBack, differences } = await withOldCopy();
  tenant.put(table("Changed", "Changed once"));
  tenant.put(table("Created"));
  tenant.delete("SALES.Removed");
  expect((await run()).status).toBe("succeeded");
  await people.setParameter("dsp_sales.changed", "pii", "no");
  await people.setParameter("dsp_sales.created", "steward", "Ann");
  await people.setParameter("dsp_sales.same", "quality", "gold");
  tenant.put(table("Later", "Changed after the last run"));

  await putBack();
  const reports = [await run(), await run()];

  expect(reports.map(({ status, problems }) => ({ status, problems }))).toEqual(reports.map(() => ({ status: "succeeded", problems: [] })));
  expect(await differences(4)).toEqual([]);
  for (const [name, parameters] of Object.entries({ changed: { pii: "no" }, created: { steward: "Ann" }, same: { quality: "gold" } }))
    expect(await people.see(`dsp_sales.${name}`)).toMatchObject({ parameters });
  sandbox.reset({ counts: true });
  await run();
  expect(sandbox.counts().writes).toBe(0);
});

test("a table that was made after the copy, and whose asset left the source before it was put back, is not known to it and stays", async () => {
  const { tenant, run, putBack, differences, added } = await withOldCopy();
  tenant.put(table("Created"));
  await run();
  tenant.delete("SALES.Created");

  await putBack();
  for (const report of [await run(), await run()]) expect(report.status).toBe("succeeded");

  expect(await differences(4)).toEqual(["the table of SALES.Created is an orphan"]);
  expect(await added()).toBe(1);
});
