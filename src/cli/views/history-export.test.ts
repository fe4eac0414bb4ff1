import { expect, test } from "vitest";
import type { HistoryRecord } from "../../model/checkpoint.ts";
import { aHistoryRecord } from "../../testing/checkpoint-builders.ts";
import { historyExport } from "./history-export.ts";

function readerOf(records: readonly HistoryRecord[]): Parameters<typeof historyExport>[0] {
  return { history: async ({ limit, skip = 0 }) => records.slice(skip, skip + limit) };
}

async function exported(records: readonly HistoryRecord[], format: "ndjson" | "csv", limit?: number): Promise<string> {
  return (await Array.fromAsync(historyExport(readerOf(records), format, limit === undefined ? {} : { limit }))).join("");
}

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
  "a cell that begins like the formula %j is made inert, and keeps its text",
  async (message) => {
    const cells = await exported([aHistoryRecord("SALES.A", { message })], "csv");

    expect(cells).toContain(message.includes("\r") ? `,"'${message}",` : `,'${message},`);
  },
);

test("commas, quotes and line breaks stand in quotes, and every record has as many cells as the header", async () => {
  const csv = await exported([aHistoryRecord("SALES.A", { message: 'a "b", c\nd', before: null, after: null })], "csv");

  expect(csv).toContain(',"a ""b"", c\nd",');
  const [header = "", record = ""] = csv.split("\r\n");
  expect(record.replace(/"(?:[^"]|"")*"/, "").split(",")).toHaveLength(header.split(",").length);
});

test("more than a page of records is exported whole, or as many as asked for", async () => {
  const records = Array.from({ length: 2_345 }, (_, n) => aHistoryRecord(`SALES.T${n}`));
  const idsOf = (text: string): readonly unknown[] =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as HistoryRecord).asset_id);

  expect(idsOf(await exported(records, "ndjson"))).toEqual(records.map(({ asset_id }) => asset_id));
  expect(idsOf(await exported(records, "ndjson", 1_500))).toHaveLength(1_500);
  expect(await exported([], "ndjson")).toBe("");
});
