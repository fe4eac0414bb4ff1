import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { orDamaged, told } from "../../../test/helpers/flipped-state.ts";
import { postgresServer } from "../../../test/helpers/postgres.ts";
import { postgresStore } from "../../../test/helpers/postgres-harness.ts";
import { editSmallState, fillSmallState } from "../../../test/helpers/small-state.ts";
import { aCheckpoint, anOutcome } from "../../testing/checkpoint-builders.ts";
import { type Row, sealed } from "../shared/row-sum.ts";
import { fromColumns, RECORD, TABLES } from "./tables.ts";

/** Whether each row of a table is damaged in turn, or its first alone. */
const EVERY_ROW = process.env["EVERY_ROW"] === "1";

const server = await postgresServer();
const client = new pg.Client({ connectionString: server?.quick });
afterAll(async () => {
  await client.end();
  await server?.[Symbol.asyncDispose]();
});

/** What is told of a state that may be damaged. */
interface Told {
  /** All of it, "damaged", or "none" where there is no state. */
  readonly read: string;
  /** Whether a check of every row finds anything. */
  readonly verified: "whole" | "damaged" | "none";
}

const url = server?.quick ?? "";

async function tell(): Promise<Told> {
  const read = await orDamaged(async () => {
    await using reader = await postgresStore({ url }).reader();
    return (await reader.head()) === null ? "none" : await told(reader);
  });
  const verified = await orDamaged(async () => {
    const verification = await postgresStore({ url }).verify();
    return verification === null ? "none" : verification.problems.length === 0 ? "whole" : "damaged";
  });
  return { read, verified: verified as Told["verified"] };
}

/** Does something to a table, tells what then is told, and puts the table back as it was. */
async function after(table: string, damage: () => Promise<unknown>): Promise<Told> {
  await client.query(`CREATE TEMPORARY TABLE kept AS SELECT * FROM tidemark.${table}`);
  try {
    await damage();
    return await tell();
  } finally {
    await client.query(`DELETE FROM tidemark.${table}`);
    await client.query(`INSERT INTO tidemark.${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept`);
    await client.query("DROP TABLE kept");
  }
}

/** One character in the middle of a text is another, a number is another number, and what was nothing is something. */
function altered({ name, type }: Column): string {
  if (type === "bytea") return `coalesce(${flipped(name, `length(${name}) / 2`)}, '\\x00')`;
  if (type === "text") {
    const middle = `length(${name}) / 2 + 1`;
    return `coalesce(overlay(${name} PLACING translate(substr(${name}, ${middle}, 1), '0123456789abcdef', '5678943210ghijkl') || CASE WHEN substr(${name}, ${middle}, 1) ~ '[0-9a-f]' THEN '' ELSE 'x' END FROM ${middle} FOR 1), 'x')`;
  }
  return type === "timestamptz" ? `${name} + interval '1 day'` : `coalesce(${name} + 1000, 1)`;
}

/** One bit of the byte at that place is another. */
function flipped(column: string, at: string): string {
  return `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;
}

interface Column {
  readonly name: string;
  readonly type: string;
}

async function columnsOf(table: string): Promise<readonly Column[]> {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [`tidemark.${table}`],
  );
  return rows.map(({ name, type }) => ({ name, type: type === "timestamp with time zone" ? "timestamptz" : type }));
}

async function placesIn(table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ ctid: string }>(`SELECT ctid::text FROM tidemark.${table} ORDER BY ${table}::text COLLATE "C"`);
  return rows.map(({ ctid }) => ctid);
}

describe.skipIf(server === null)("a state in PostgreSQL, damaged by a statement", () => {
  let whole = "";

  beforeAll(async () => {
    await client.connect();
    await using lease = await postgresStore({ url }).acquire();
    await fillSmallState(lease);
    // Enough for a dictionary.
    await lease.record(Array.from({ length: 48 }, (_, n) => anOutcome(null, aCheckpoint(`BULK.T${10 + n}`))));
    // Versions, of which the newer one leans on what the asset is.
    await editSmallState(lease);
    whole = await told(lease);
  });

  // Not of `lease`, a note for people that counts only while its writer holds the lock.
  test.each([...Object.keys(TABLES), "record", "meta", "state", "migration"])(
    "of %s: each altered value and a deleted row is found or harmless, and no other state is ever told",
    async (table) => {
      // Its row in `state` makes a state; a sync asks the target's marks before it believes that there is none.
      const allowed = ["damaged", whole, ...(table === "state" ? ["none"] : [])];
      const columns = await columnsOf(table);
      const count = table === "meta" || EVERY_ROW ? (await placesIn(table)).length : 1;
      expect(count).toBeGreaterThan(0);
      for (let nth = 0; nth < count; nth++) {
        const place = async (): Promise<string> => (await placesIn(table))[nth] as string;
        for (const column of columns) {
          const { read, verified } = await after(table, async () => {
            const value = column.name === "id" && table === "state" ? "DEFAULT" : altered(column);
            await client.query(`UPDATE tidemark.${table} SET ${column.name} = ${value} WHERE ctid = $1`, [await place()]);
          });
          const what = [table, nth, column.name];
          expect([...what, allowed]).toEqual([...what, expect.arrayContaining([read]) as unknown]);
          const found = `${table}.${column.name}` === HARMLESS ? ["whole"] : ["damaged", "none"];
          expect([...what, found]).toEqual([...what, expect.arrayContaining([verified]) as unknown]);
        }
        const { read, verified } = await after(table, async () =>
          client.query(`DELETE FROM tidemark.${table} WHERE ctid = $1`, [await place()]),
        );
        expect([table, nth, allowed]).toEqual([table, nth, expect.arrayContaining([read]) as unknown]);
        expect([table, nth, verified]).not.toEqual([table, nth, "whole"]);
      }
    },
  );

  test("each byte of a packed snapshot, of a version and of a dictionary is covered by a sum: a flipped bit of any is found", async () => {
    for (const [table, column, key] of [
      ["record", "packed", "asset_id = 'SALES.Orders'"],
      ["version", "packed", `seq = (SELECT max(seq) FROM tidemark.version WHERE substr(packed, 1, 4) = '\\xffffffff')`],
      ["dictionary", "content", "id = 1"],
    ] as const) {
      const [size] = (await client.query<{ bytes: number }>(`SELECT octet_length(${column}) AS bytes FROM tidemark.${table} WHERE ${key}`))
        .rows;
      const bytes = size?.bytes ?? 0;
      expect([table, bytes > 20]).toEqual([table, true]);
      const step = EVERY_ROW ? 1 : Math.ceil(bytes / 8);
      for (let at = 0; at < bytes; at += step) {
        const damage =
          column === "packed" ? flipped(column, `${at}`) : `convert_from(${flipped(`convert_to(${column}, 'UTF8')`, `${at}`)}, 'UTF8')`;
        const { read, verified } = await after(table, () =>
          client.query(`UPDATE tidemark.${table} SET ${column} = ${damage} WHERE ${key}`),
        );
        expect([table, at, read, verified]).toEqual([table, at, "damaged", "damaged"]);
      }
    }
  });

  test.each([
    ["a dictionary that is missing", "dictionary", "DELETE FROM tidemark.dictionary", "the row 1 of dictionary is missing"],
    [
      "a snapshot that names a dictionary that never was",
      "record",
      "UPDATE tidemark.record SET packed = set_byte(packed, 0, 7)",
      "of record is not what was written",
    ],
    [
      "a version that is missing",
      "version",
      "DELETE FROM tidemark.version WHERE seq = (SELECT max(seq) - 1 FROM tidemark.version)",
      "version should hold 56 rows and holds 55",
    ],
    ["a snapshot that is gone", "record", "UPDATE tidemark.record SET packed = NULL", "of record is not what was written"],
    ["a snapshot that stands there twice", "record", "UPDATE tidemark.record SET snapshot = '{}'", "of record is not what was written"],
  ])("%s is told as such", async (_, table, damage, message) => {
    const found: string[] = [];
    const { read } = await after(table, async () => {
      await client.query(damage);
      found.push(...((await postgresStore({ url }).verify())?.problems ?? []));
    });
    expect(read).toBe("damaged");
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(message) as unknown]));
  });

  test.each(Object.values({ ...TABLES, record: RECORD }))("of $name: a row too many, its sum right, is found", async (table) => {
    const { name, columns, types } = table;
    const { read, verified } = await after(name, async () => {
      const { rows } = await client.query<Row[]>({
        text: `SELECT ${columns.join()}, state FROM tidemark.${name} ORDER BY 1 DESC LIMIT 1`,
        rowMode: "array",
      });
      const [key, ...rest] = (rows[0] as unknown as Row).slice(0, -1);
      const values = [types[0] === "text" ? `${String(key)}x` : Number(key) + 1, ...rest];
      const typed = values.map((value, at) => (types[at] === "bigint" || types[at] === "integer" ? value && Number(value) : value) ?? null);
      const row = name === "record" ? typed : [...typed.slice(0, -1), sealed(fromColumns(table, typed)?.slice(0, -1) ?? []).at(-1)];
      await client.query(
        `INSERT INTO tidemark.${name} (${columns.join()}, state) VALUES (${[...columns, ""].map((_, at) => `$${at + 1}`).join()})`,
        [...row, (rows[0] as unknown as Row).at(-1)],
      );
    });
    expect(["damaged", whole]).toContain(read);
    expect(verified).toBe("damaged");
  });
});

/** A value that says nothing of the state. */
const HARMLESS = "migration.applied_at";
