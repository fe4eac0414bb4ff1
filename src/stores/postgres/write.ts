import { type Row, sealed } from "../shared/row-sum.ts";
import type { Bases } from "./bases.ts";
import type { NumberedTable } from "./ledger.ts";
import type { PackedRows } from "./snapshots.ts";
import { addRows, type WritableRows } from "./state-rows.ts";
import type { RowIn } from "./tables.ts";

/** One write: the rows, the ledger as it shall stand when the write is done, and the bases and dictionaries that are known. */
export interface Write extends WritableRows, PackedRows {
  readonly bases: Bases;
  /** Whether snapshots are packed; those that are there are read either way. */
  readonly compress: boolean;
}

/** Adds rows to a table that numbers them, in order. */
export async function number(write: WritableRows, table: NumberedTable, bodies: readonly Row[]): Promise<void> {
  await addRows(
    write,
    table,
    bodies.map((body) => sealed([(write.next.last[table] += 1), ...body]) as RowIn[NumberedTable]),
  );
}
