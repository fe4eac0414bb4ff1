import { expect, test } from "vitest";
import { damagedJsonState } from "../../../test/helpers/damaged-json-state.ts";
import { told } from "../../../test/helpers/flipped-state.ts";
import { OPEN_TO_ALL } from "../../../test/helpers/sqlite-harness.ts";
import { SimDisk } from "../../../test/simulator/sim-disk.ts";
import { exportState } from "../../engine/export-state.ts";
import type { StateRecord } from "../../model/state-record.ts";
import type { FileSystem } from "../../ports/file-system.ts";
import { Rng } from "../../sandbox/tenant/rng.ts";
import { JsonStore } from "./json-store.ts";

const FOLDER = "/state/p";

function storeOver(files: FileSystem): JsonStore {
  return new JsonStore({ folder: FOLDER, files, lock: OPEN_TO_ALL, holder: () => ({ pid: 1, host: "", since: "" }) });
}

async function tell(disk: SimDisk): Promise<string> {
  await using lease = await storeOver(disk.now()).acquire();
  return await told(lease);
}

/** Where in a call the process dies. */
type Moment = "before it" | "after it" | "half-way";

/** Files of a process that dies at a call; what it would do after that does nothing. */
function dyingAt(files: FileSystem, at: number, moment: Moment): FileSystem {
  let calls = 0;
  let isDead = false;
  const dying = Object.entries(files).map(([name, call]) => [
    name,
    async (path: string, ...rest: readonly unknown[]): Promise<unknown> => {
      calls++;
      if (calls === at && moment === "half-way" && rest[0] instanceof Uint8Array) {
        isDead = true;
        await call(path, rest[0].subarray(0, rest[0].length >> 1));
      }
      if (calls === at && moment !== "after it") isDead = true;
      if (isDead) throw new Error("killed");
      const result: unknown = await call(path, ...rest);
      if (calls === at) {
        isDead = true;
        throw new Error("killed");
      }
      return result;
    },
  ]);
  return Object.fromEntries(dying) as FileSystem;
}

test("a process that is killed, or loses its power, at any step of replacing a state leaves the old state or the new one, and the next try replaces it", async () => {
  const [old, other] = [await damagedJsonState("left by a killed run"), await damagedJsonState("at rest")];
  const records: StateRecord[] = [];
  await using reader = await storeOver(other.disk.now()).reader();
  for await (const page of exportState(reader)) records.push(...page);
  const replace = async (files: FileSystem): Promise<unknown> =>
    await storeOver(files).replace(
      (async function* () {
        yield records;
      })(),
    );
  const states = new Map([
    [old.whole, "old"],
    [other.whole, "new"],
  ]);
  const met = new Set<string>();
  let steps = 0;
  for (let isOver = false; !isOver; steps++) {
    for (const moment of ["before it", "after it", "half-way"] as const)
      for (const powerLoss of [null, 1, 2, 3]) {
        const disk = new SimDisk();
        await disk.now().makeDirectory(FOLDER);
        disk.putBack(FOLDER, old.kept);
        const answer = await replace(dyingAt(disk.now(), steps + 1, moment)).then(
          () => "replaced",
          () => "killed",
        );
        isOver = answer === "replaced";
        if (powerLoss !== null) disk.losePower(new Rng(steps, powerLoss));
        const left = states.get(await tell(disk)) ?? "another";
        const where = `${moment} step ${steps + 1}, loss of power ${powerLoss}`;
        expect([where, isOver ? ["new"] : ["old", "new"]]).toEqual([where, expect.arrayContaining([left]) as unknown]);
        met.add(left);
        await replace(disk.now());
        expect([where, states.get(await tell(disk))]).toEqual([where, "new"]);
      }
  }
  expect([...met].sort()).toEqual(["new", "old"]);
  expect(steps).toBeGreaterThan(20);
});
