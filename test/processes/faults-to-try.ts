import { FAULT_MODES, type FaultShim } from "./fault-shim.ts";
import { type Fault, faultedSync, OCCASIONS } from "./faulted-sync.ts";

const WRITES: ReadonlySet<string> = new Set(["write", "pwrite"]);

/** Every fault that a sync can meet: on each occasion, at each of its calls in turn, in each mode. Only a write can be cut short. */
export async function faultsToTry(shim: FaultShim, main: string): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const occasion of OCCASIONS) {
    // Beyond the last call there is no fault: that run is undisturbed and counts.
    const { calls, code, findings } = await faultedSync(shim, main, { occasion, at: -1, mode: "EIO" });
    if (code !== 0 || findings.length > 0 || calls.length === 0)
      throw new Error(`The ${occasion} sync without a fault exited ${code}: ${findings.join("; ")}`);
    // Mode by mode, so that every n-th of all is every n-th call of each mode.
    for (const mode of FAULT_MODES)
      for (const [at, name] of calls.entries()) if (mode !== "short" || WRITES.has(name)) faults.push({ occasion, at, mode });
  }
  return faults;
}
