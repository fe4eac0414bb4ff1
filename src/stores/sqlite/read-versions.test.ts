import { expect, test } from "vitest";
import { BOUNDED_WALKS, editAndPrune, makeSmallState } from "../../../test/helpers/small-state.ts";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import { openForReading } from "./open-for-reading.ts";
import { leansOnNext } from "../shared/pack-text.ts";
import { pastOf, readVersions } from "./read-versions.ts";
import type { Queries } from "./state-database.ts";
import type { RowOf } from "../shared/rows.ts";

test("rows of version that lead back to themselves are damage that is told, not a walk without end", async () => {
  await using folder = await aStateFolder({ on: "memory" });
  await makeSmallState(folder.folder);
  const whole = openForReading(folder.path) as Queries;
  // As a flipped byte in a page's order has it: behind a row stands that row again.
  const circular: Queries = {
    path: whole.path,
    format: whole.format,
    rows: (sql, ...values) =>
      whole.rows(sql.includes("seq > ? ORDER BY seq LIMIT 1") ? sql.replace("seq > ?", "seq >= ?") : sql, ...values),
    close: () => whole.close(),
  };
  try {
    const seqs = whole.rows("SELECT seq, snapshot FROM past").flatMap(([seq, stored]) => (leansOnNext(stored) ? [seq as number] : []));
    expect(seqs.length).toBeGreaterThan(0);
    for (const seq of seqs) {
      const [row] = whole.rows("SELECT * FROM version WHERE seq = ?", seq) as unknown as readonly RowOf["version"][];
      expect(pastOf(whole, row as RowOf["version"])).not.toBeNull();
      expect(() => pastOf(circular, row as RowOf["version"])).toThrow(
        expect.objectContaining({ code: "state_damaged", message: expect.stringContaining(`out of order at ${seq}`) as string }),
      );
    }
    expect([...readVersions(whole, {})].flat().length).toBeGreaterThan(0);
  } finally {
    circular.close();
  }
});

test("where the oldest version goes whenever a new one comes, the walk to a text stays bounded", async () => {
  await using folder = await aStateFolder({ on: "memory" });
  await using lease = await sqliteStore(folder.folder).acquire();
  await editAndPrune(lease);
  const state = openForReading(folder.path) as Queries;
  const rows = state.rows("SELECT snapshot FROM past ORDER BY seq");
  state.close();
  expect(rows.length).toBe(20);
  expect(rows.map(([snapshot]) => (leansOnNext(snapshot) ? "-" : "|")).join("")).toMatch(BOUNDED_WALKS);
});
