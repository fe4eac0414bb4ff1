import { runCampaign } from "./campaign-result.ts";
import { faultedTenantSyncs, TENANT_FAULTS } from "../scenarios/faulted-tenant-sync.ts";

/** `node test/processes/campaign-tenant-faults.ts`: every fault of the sandbox tenant on every request of four kinds of sync of 20 assets. */
let struck = 0;
const result = await runCampaign({
  name: "campaign-tenant-faults",
  command: "node test/processes/campaign-tenant-faults.ts",
  items: TENANT_FAULTS,
  run: async (fault) => {
    const found = await faultedTenantSyncs(fault, () => true);
    struck += found.struck;
    return found.findings;
  },
  figures: (done) => ({ faults: done, assets: 20, troubled_runs: struck }),
});
process.exitCode = result.findings.length === 0 ? 0 : 1;
