import { expect, test } from "vitest";
import { CountingMeter, csn, entity, folderOf, line } from "../../../test/helpers/csn-source.ts";
import { openDisk } from "./disk.ts";
import type { Found } from "./place.ts";
import { PlaceTable } from "./place-table.ts";
import { scanExport } from "./scan-export.ts";
import { SeenNames } from "./seen-names.ts";
import { NO_MEMORY, SpaceMemory } from "./space-memory.ts";

/** Names met in a document and in lines, with a table in which all names share one hash. */
async function metIn(files: { readonly "a.json": string; readonly "b.ndjson": string }, noted: number) {
  const disk = openDisk(folderOf(files), new CountingMeter());
  const memory = await SpaceMemory.open(NO_MEMORY, "S");
  const found = [
    ...(await Array.fromAsync(scanExport(disk, "a.json", memory))),
    ...(await Array.fromAsync(scanExport(disk, "b.ndjson", memory))),
  ].flat();
  const again = async function* () {
    yield found;
  };
  const seen = new SeenNames(disk, memory, again, { table: new PlaceTable(() => 1), noted });
  const outcomes: [string, string | null][] = [];
  for (const one of found) {
    const seats = seen.meetInOrder(one) ? [] : await seen.meet(one);
    const earlier: Found | null = seats.length === 0 ? null : await seen.earlier(one, seats);
    outcomes.push([one.name, earlier && earlier.place.file]);
  }
  return outcomes;
}

test.each([0, 1, 100])("names that share a hash are told apart, wherever they stand, with %i of them noted in order", async (noted) => {
  const files = { "a.json": csn({ A: entity(), B: entity() }), "b.ndjson": line("A") + line("C") + line("D") + line("C") };
  expect(await metIn(files, noted)).toEqual([
    ["B", null],
    ["A", null],
    ["C", null],
    ["D", null],
    ["C", "b.ndjson"],
    ["A", "a.json"],
  ]);
});
