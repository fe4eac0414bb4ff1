import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { notice } from "../helpers/notice.ts";
import { compileFaultShim, FAULT_MODES } from "./fault-shim.ts";
import { faultedSync, OCCASIONS } from "./faulted-sync.ts";
import { faultsToTry } from "./faults-to-try.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
/** Faults of each mode: a sample of what `npm run campaign:syscalls` sweeps. */
const SAMPLE = { first: 2, second: 2, renewing: 1, "falling back": 1 } as const;

test(
  "a sync of which one write, sync, rename or other call on its state fails, is cut or is never reached leaves a whole state and converges",
  { timeout: 600_000 },
  async (context) => {
    const shim = compileFaultShim();
    if (shim === null) {
      notice("Faults at single system calls were skipped: they need Linux and a C compiler (cc).");
      context.skip();
      return;
    }
    onTestFinished(() => shim[Symbol.dispose]());
    const all = await faultsToTry(shim, main);
    const codes = new Set<number | null>();
    for (const occasion of OCCASIONS) {
      for (const mode of FAULT_MODES) {
        const faults = all.filter((fault) => fault.occasion === occasion && fault.mode === mode);
        for (let n = 0; n < SAMPLE[occasion]; n++) {
          const fault = faults[Math.floor(((n + 0.5) * faults.length) / SAMPLE[occasion])];
          if (fault === undefined) continue;
          const { code, findings } = await faultedSync(shim, main, fault);
          expect({ ...fault, findings }).toEqual({ ...fault, findings: [] });
          codes.add(code);
        }
      }
    }
    // Otherwise nothing was disturbed and the sample shows nothing.
    expect([codes.has(null), codes.has(7)]).toEqual([true, true]);
  },
);
