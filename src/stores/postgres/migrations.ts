import pg from "pg";
import { TidemarkError } from "../../model/errors.ts";
import { keyOf } from "./advisory-key.ts";
import type { Queries, Session } from "./session.ts";
import { stateDamaged } from "./server-error.ts";

/** Version of the tables. A newer one is refused, an older one migrated by the next run that takes a lease. */
export const FORMAT = 2;

/**
 * One state is the rows that bear its number; `state` says which of a pipeline's is the current one. So replacing a state and moving one
 * out of the way are one row's change. Names and ids are ordered by code point (`COLLATE "C"`), whatever the database's own collation.
 */
const MIGRATIONS: readonly ((schema: string) => readonly string[])[] = [
  (schema) => [
    `CREATE TABLE ${schema}.state (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pipeline text COLLATE "C" NOT NULL, place text COLLATE "C" NOT NULL)`,
    `CREATE UNIQUE INDEX state_place ON ${schema}.state (pipeline, place)`,
    `CREATE TABLE ${schema}.lease (pipeline text COLLATE "C" PRIMARY KEY, backend integer NOT NULL, pid bigint NOT NULL, host text NOT NULL, since text NOT NULL)`,
    `CREATE TABLE ${schema}.meta (state bigint, key text COLLATE "C", value text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, key))`,
    `CREATE TABLE ${schema}.basis (state bigint, id integer, scheme text NOT NULL, raw text, mapping text, sum text NOT NULL, PRIMARY KEY (state, id))`,
    `CREATE TABLE ${schema}.entry (state bigint, asset_id text COLLATE "C", basis integer NOT NULL, token text, content text, schema text, metadata text, ref text, tombstone text, record text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, asset_id))`,
    `CREATE TABLE ${schema}.record (state bigint, asset_id text COLLATE "C", facts text NOT NULL, snapshot text NOT NULL, PRIMARY KEY (state, asset_id))`,
    `CREATE TABLE ${schema}.intent (state bigint, seq bigint, body text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, seq))`,
    `CREATE TABLE ${schema}.version (state bigint, seq bigint, asset_id text COLLATE "C" NOT NULL, run_id text COLLATE "C" NOT NULL, generation bigint NOT NULL, sync_version bigint, snapshot text, sum text NOT NULL, PRIMARY KEY (state, seq))`,
    `CREATE INDEX version_of_asset ON ${schema}.version (state, asset_id, seq)`,
    `CREATE INDEX version_of_run ON ${schema}.version (state, run_id, seq)`,
    `CREATE TABLE ${schema}.history (state bigint, seq bigint, asset_id text COLLATE "C" NOT NULL, body text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, seq))`,
    `CREATE INDEX history_of_asset ON ${schema}.history (state, asset_id, seq)`,
    `CREATE TABLE ${schema}.run (state bigint, seq bigint, body text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, seq))`,
    `CREATE TABLE ${schema}.memory (state bigint, key text COLLATE "C", value text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, key))`,
  ],
  // A snapshot stands as text or packed. No row is touched: those that are there are text, and their sums stay.
  (schema) => [
    `ALTER TABLE ${schema}.record ADD COLUMN packed bytea, ALTER COLUMN snapshot DROP NOT NULL`,
    `ALTER TABLE ${schema}.version ADD COLUMN packed bytea`,
    `CREATE TABLE ${schema}.dictionary (state bigint, id bigint, checkpoints bigint NOT NULL, content text NOT NULL, sum text NOT NULL, PRIMARY KEY (state, id))`,
  ],
];

/** The schema's name as statements need it. */
export function quoted(schema: string): string {
  return pg.escapeIdentifier(schema);
}

/** The version of the tables, null where there are none. Creates nothing; throws where they are of a version that this Tidemark cannot read. */
export async function formatOf(queries: Queries, schema: string, state: string): Promise<number | null> {
  const version = await versionOf(queries, schema, state);
  if (version === 0) return null;
  requireKnown(version, state);
  return version;
}

/** Makes the tables, or brings them to this version: one transaction under a lock, so that of many who begin at once only one does it. */
export async function migrate(session: Session, schema: string): Promise<void> {
  if ((await versionOf(session, schema, session.state)) === FORMAT) return;
  await session.transaction(async (queries) => {
    await queries.rows("SELECT pg_advisory_xact_lock($1)", keyOf(["migrate", schema]).text);
    const from = await versionOf(queries, schema, session.state);
    requireKnown(from, session.state);
    const name = quoted(schema);
    if (!(await exists(queries, "to_regnamespace", name))) await queries.rows(`CREATE SCHEMA ${name}`);
    if (from === 0)
      await queries.rows(
        `CREATE TABLE IF NOT EXISTS ${name}.migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
      );
    for (const [at, statements] of MIGRATIONS.entries()) {
      if (at < from) continue;
      for (const statement of statements(name)) await queries.rows(statement);
      await queries.rows(`INSERT INTO ${name}.migration (version) VALUES ($1)`, at + 1);
    }
  });
}

/** 0 where there are no tables. */
async function versionOf(queries: Queries, schema: string, state: string): Promise<number> {
  const table = `${quoted(schema)}.migration`;
  const isNoted = await exists(queries, "to_regclass", table);
  const noted = isNoted ? (await queries.rows(`SELECT version FROM ${table} ORDER BY version`)).map(([version]) => Number(version)) : [];
  const version = noted.at(-1) ?? 0;
  if (version > FORMAT) return version;
  if (noted.some((one, at) => one !== at + 1)) throw stateDamaged(state, `its tables' versions ${noted.join()} were never in use`);
  // Tables whose version is lost are not taken for none, nor for earlier ones: what they hold would be as good as forgotten.
  const next = MADE_BY[version];
  if (next !== undefined && (await exists(queries, "to_regclass", `${quoted(schema)}.${next}`)))
    throw stateDamaged(state, "nothing tells which version its tables have");
  return version;
}

/** A table that each version has, and none before it. */
const MADE_BY = ["state", "dictionary"] as const;

async function exists(queries: Queries, lookUp: "to_regclass" | "to_regnamespace", name: string): Promise<boolean> {
  return (await queries.rows(`SELECT ${lookUp}($1)::text`, name))[0]?.[0] !== null;
}

function requireKnown(version: number, state: string): void {
  if (version <= FORMAT) return;
  throw new TidemarkError(
    "state_newer",
    `The tables of the state ${state} have version ${version}; this Tidemark knows versions up to ${FORMAT}.`,
    {
      remedy: "Use the newer Tidemark that made them.",
    },
  );
}
