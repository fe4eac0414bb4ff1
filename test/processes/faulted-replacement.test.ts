import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keepFiles, putBack, survive } from "../helpers/flipped-state.ts";
import { notice } from "../helpers/notice.ts";
import { REPLACED } from "../helpers/replace-state.ts";
import { makeSmallState } from "../helpers/small-state.ts";
import { aStateFolder, sqliteStore } from "../helpers/sqlite-harness.ts";
import { TidemarkError } from "../../src/model/errors.ts";
import { aCheckpoint, anOutcome } from "../../src/testing/checkpoint-builders.ts";
import { compileFaultShim } from "./fault-shim.ts";

const REPLACE = join(import.meta.dirname, "../helpers/replace-state.ts");

/** With `EVERY_FAULT=1` at every call; else at those that give or take a name below the state's folder. */
const isTried = (call: string | undefined): boolean => process.env["EVERY_FAULT"] === "1" || /^(link|rename|unlink)/.test(call ?? "");

test.each<[what: string, how: (folder: string) => void]>([
  ["that is whole", () => undefined],
  ["that is damaged", (folder) => writeFileSync(join(folder, "state.db"), "destroyed")],
  ["that is lost while its copy and journal are there", (folder) => rmSync(join(folder, "state.db"))],
])(
  "a replacement of a state %s, killed at any moment, leaves all of the old state or all of the new",
  { timeout: 300_000 },
  async (_, how) => {
    const shim = compileFaultShim();
    if (shim === null) {
      notice("Faults in a replacement were skipped: they need Linux and a C compiler (cc).");
      return;
    }
    onTestFinished(() => shim[Symbol.dispose]());
    await using state = await aStateFolder({ on: "memory" });
    await makeSmallState(state.folder);
    // What stands in the journal alone beside the copy.
    await (async () => {
      await using lease = await sqliteStore(state.folder).acquire();
      await lease.record([anOutcome(null, aCheckpoint("SALES.Last"))]);
    })();
    const old = (await survive(state.folder)).told;
    how(state.folder);
    const kept = keepFiles(state.folder);

    const log = join(state.folder, "..", "calls");
    const replaced = (at: number): { readonly signal: string | null; readonly status: number | null } => {
      rmSync(log, { force: true });
      putBack(state.folder, kept);
      const env = { LD_PRELOAD: shim.path, FAULT_FOLDER: state.folder, FAULT_LOG: log, FAULT_AT: String(at), FAULT_MODE: "kill" };
      return spawnSync(process.execPath, [REPLACE, state.folder], { env: { ...process.env, NODE_OPTIONS: undefined, ...env } });
    };
    expect(replaced(-1)).toMatchObject({ signal: null, status: 0 });
    const calls = readFileSync(log, "utf8").trim().split("\n");
    const fresh = (await survive(state.folder)).told;
    expect(fresh).toContain(`"generation":${REPLACED}`);

    const outcomes = new Set<string>();
    for (const [at, call] of calls.entries()) {
      if (!isTried(call)) continue;
      expect(replaced(at)).toMatchObject({ signal: "SIGKILL" });
      const told = await tellAfter(state.folder);
      const which = told === fresh ? "new" : told === old ? "old" : "neither";
      expect({ at, call, which }).not.toMatchObject({ which: "neither" });
      expect((await sqliteStore(state.folder).verify())?.problems).toEqual([]);
      outcomes.add(which);
    }
    expect([...outcomes].toSorted()).toEqual(["new", "old"]);
  },
);

/** All that is told of what was left; a state that is still lost must still be had from its copy and journal. */
async function tellAfter(folder: string): Promise<string> {
  try {
    return (await survive(folder)).told;
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== "state_lost") throw error;
    return (await sqliteStore(folder).fallBack()) === null ? "nothing" : (await survive(folder)).told;
  }
}
