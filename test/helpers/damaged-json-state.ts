import { TidemarkError } from "../../src/model/errors.ts";
import { JsonStore } from "../../src/stores/json/index.ts";
import { aCheckpoint, aHead, anIntent, anOutcome } from "../../src/testing/checkpoint-builders.ts";
import { SimDisk } from "../simulator/sim-disk.ts";
import { told } from "./flipped-state.ts";
import { fillSmallState } from "./small-state.ts";
import { OPEN_TO_ALL } from "./sqlite-harness.ts";

export const JSON_SUBJECTS = ["at rest", "left by a killed run"] as const;

export type JsonSubject = (typeof JSON_SUBJECTS)[number];

/** A small state of the json store on a disk in memory, of which one file at a time is damaged. */
export interface DamagedJsonState {
  readonly disk: SimDisk;
  readonly kept: ReadonlyMap<string, Buffer>;
  /** All that it tells. */
  readonly whole: string;
}

const FOLDER = "/state/p";

/** Makes the state: its image, the one before it, and the journals of both; a run that was killed has told more than its image. */
export async function damagedJsonState(how: JsonSubject): Promise<DamagedJsonState> {
  const disk = new SimDisk();
  const lease = await storeOn(disk).acquire();
  await fillSmallState(lease);
  await lease[Symbol.asyncDispose]();
  if (how === "left by a killed run") {
    const second = await storeOn(disk).acquire();
    await second.begin(aHead());
    const [intent] = await second.intend([anIntent("SALES.Later"), anIntent("SALES.Open")]);
    await second.record([anOutcome(intent?.seq ?? 0, aCheckpoint("SALES.Later"))]);
  }
  const kept = disk.keep(FOLDER);
  await using reader = await storeOn(disk).reader();
  return { disk, kept, whole: await told(reader) };
}

/** What may befall a file at a byte. */
export const DAMAGES: readonly ((bytes: Buffer, at: number) => Buffer)[] = [
  function oneBitFlips(bytes, at) {
    return replaced(bytes, at, (byte) => byte ^ (1 << (at % 8)));
  },
  function allBitsFlip(bytes, at) {
    return replaced(bytes, at, (byte) => byte ^ 0xff);
  },
  function theRestIsCutOff(bytes, at) {
    return bytes.subarray(0, at);
  },
  function whatStoodThereComesAgainAtTheEnd(bytes, at) {
    return Buffer.concat([bytes, bytes.subarray(at)]);
  },
];

/** Puts that in the place of one file, opens the state as a run does, and falls back where it must. */
export async function survivedBy(
  { disk, kept, whole }: DamagedJsonState,
  name: string,
  bytes: Buffer,
): Promise<{ readonly how: "harmless" | "recovered" | "rebuild"; readonly isWhole: boolean }> {
  disk.putBack(FOLDER, new Map([...kept, [name, bytes]]));
  const first = await tell(disk);
  if (first !== null) return { how: "harmless", isWhole: first === whole };
  if ((await storeOn(disk).fallBack()) === null) return { how: "rebuild", isWhole: false };
  return { how: "recovered", isWhole: (await tell(disk)) === whole };
}

async function tell(disk: SimDisk): Promise<string | null> {
  try {
    await using lease = await storeOn(disk).acquire();
    return await told(lease);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "state_damaged") return null;
    throw error;
  }
}

function storeOn(disk: SimDisk): JsonStore {
  return new JsonStore({ folder: FOLDER, files: disk.now(), lock: OPEN_TO_ALL, holder: () => ({ pid: 1, host: "", since: "" }) });
}

function replaced(bytes: Buffer, at: number, way: (byte: number) => number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = way(bytes[at] as number) & 0xff;
  return flipped;
}
