import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { faultedTenantSyncs, type FaultedSyncs, TENANT_FAULTS } from "../scenarios/faulted-tenant-sync.ts";
import { runCampaign } from "./campaign-result.ts";

/**
 * `node test/processes/campaign-tenant-faults.ts`: every fault of the sandbox tenant on every request of four kinds of sync of 20 assets.
 * Each fault is a process of its own, which is this file with the fault's number: alone, it prints what came of that.
 */
const [, self, number] = process.argv;
if (number !== undefined) {
  const found = await faultedTenantSyncs(TENANT_FAULTS[Number(number)] as (typeof TENANT_FAULTS)[number], () => true);
  process.stdout.write(JSON.stringify(found));
} else {
  let struck = 0;
  const result = await runCampaign({
    name: "campaign-tenant-faults",
    command: "node test/processes/campaign-tenant-faults.ts",
    items: TENANT_FAULTS,
    run: async (fault) => {
      const file = self ?? fileURLToPath(import.meta.url);
      const { stdout } = await promisify(execFile)(process.execPath, [file, String(TENANT_FAULTS.indexOf(fault))]);
      const found = JSON.parse(stdout) as FaultedSyncs;
      struck += found.struck;
      process.stderr.write(`${fault.fault}: ${found.struck} runs, ${found.findings.length} findings\n`);
      return found.findings;
    },
    figures: (done) => ({ faults: done, assets: 20, troubled_runs: struck }),
  });
  process.exitCode = result.findings.length === 0 ? 0 : 1;
}
