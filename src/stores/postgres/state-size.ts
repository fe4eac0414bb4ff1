import type { StateSize } from "../../ports/checkpoint-store.ts";
import type { OpenRows } from "./scan-rows.ts";
import { RECORD, selected, type Table, TABLES } from "./tables.ts";

/** The bytes of a state's rows as the server stores them, compressed where it compresses; its indexes and free room are the tables', not a state's. */
export async function sizeOf(rows: OpenRows): Promise<StateSize> {
  const parts: { [part: string]: number } = {};
  for (const [part, tables] of Object.entries(PARTS)) {
    let bytes = 0;
    for (const table of tables) if (table !== TABLES.dictionary || rows.format !== 1) bytes += await bytesOf(rows, table);
    parts[part] = bytes;
  }
  return { total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0), parts };
}

const PARTS: { readonly [part: string]: readonly Table[] } = {
  checkpoints: [TABLES.entry, RECORD, TABLES.basis, TABLES.dictionary],
  versions: [TABLES.version],
  history: [TABLES.history, TABLES.run],
  intents: [TABLES.intent],
  memory: [TABLES.memory],
};

/** Of a row's own header. */
const HEADER = 24;

async function bytesOf({ queries, schema, id, format }: OpenRows, table: Table): Promise<number> {
  const row = selected(table, format)
    .map((column) => `coalesce(pg_column_size(${column}), 0)`)
    .join(" + ");
  const sql = `SELECT coalesce(sum(${row} + ${HEADER}), 0)::bigint FROM ${schema}.${table.name} WHERE state = $1`;
  return Number((await queries.rows(sql, id))[0]?.[0]);
}
