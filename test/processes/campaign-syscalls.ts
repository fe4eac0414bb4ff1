import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign-result.ts";
import { compileFaultShim } from "./fault-shim.ts";
import { faultedSync, OCCASIONS } from "./faulted-sync.ts";
import { faultsToTry } from "./faults-to-try.ts";

/**
 * `npm run campaign:syscalls -- [--every 1] [--whole second]`: syncs of the built command line on each occasion, with a fault at each call
 * that writes their state, in each mode; with `--every N`, at one of N, and on the occasion that `--whole` names at each all the same. Needs Linux, a
 * C compiler and `npm run build`.
 */
const { values } = parseArgs({ options: { every: { type: "string", default: "1" }, whole: { type: "string" } } });
const every = Number(values.every);
if (values.whole !== undefined && !OCCASIONS.some((occasion) => occasion === values.whole))
  throw new Error(`--whole names one of ${OCCASIONS.join(", ")}.`);
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
using shim = compileFaultShim();
if (shim === null) throw new Error("This campaign needs Linux and a C compiler (cc).");

const all = await faultsToTry(shim, main);
const faults = all.filter(({ occasion }, n) => occasion === values.whole || n % every === 0);
const exits = new Map<string, number>();
const result = await runCampaign({
  name: "campaign-syscalls",
  command: `npm run campaign:syscalls -- --every ${every}${values.whole === undefined ? "" : ` --whole ${values.whole}`}`,
  items: faults,
  run: async (fault) => {
    const { code, findings } = await faultedSync(shim, main, fault);
    const exit = code === null ? "killed" : String(code);
    exits.set(exit, (exits.get(exit) ?? 0) + 1);
    return findings.map((finding) => `${fault.occasion} sync, ${fault.mode} at call ${fault.at}: ${finding}`);
  },
  figures: (done) => ({
    points: done,
    of: all.length,
    ...(values.whole === undefined ? {} : { whole: values.whole }),
    exits: Object.fromEntries([...exits].toSorted()),
  }),
});
process.exitCode = result.findings.length === 0 ? 0 : 1;
