import { TidemarkError } from "../../model/errors.ts";
import type { Naming } from "./naming.ts";

/** What a user says of how databases and tables are named. */
export interface NamingTemplates {
  /** Letters, digits and `_`: what `{prefix}` stands for. Default: nothing. */
  readonly database_prefix?: string;
  /** Of `{prefix}`, `{space}`, letters, digits and `_`. Default: `{prefix}{space}`. */
  readonly database?: string;
  /** Of `{space}`, letters, digits and `_`, and `{name}` at least once. Default: `{name}`. */
  readonly table?: string;
}

export const DEFAULT_TEMPLATES = { database: "{prefix}{space}", table: "{name}" } as const;

export const PREFIX: RegExp = /^[A-Za-z0-9_]{0,200}$/;
export const DATABASE_TEMPLATE: RegExp = /^(?:[A-Za-z0-9_]|\{prefix\}|\{space\}){1,200}$/;
export const TABLE_TEMPLATE: RegExp = /^(?=.*\{name\})(?:[A-Za-z0-9_]|\{space\}|\{name\}){1,200}$/;

/** True where a prefix is given and the database's template has no place for it. */
export function leavesPrefixOut({ database_prefix = "", database = DEFAULT_TEMPLATES.database }: NamingTemplates): boolean {
  return database_prefix !== "" && !database.includes("{prefix}");
}

/** The naming that templates describe. Throws `config_invalid` for one that makes no names. */
export function namingOf(templates: NamingTemplates): Naming {
  const { database_prefix = "", database = DEFAULT_TEMPLATES.database, table = DEFAULT_TEMPLATES.table } = templates;
  const isValid = PREFIX.test(database_prefix) && DATABASE_TEMPLATE.test(database) && TABLE_TEMPLATE.test(table);
  if (!isValid || leavesPrefixOut(templates)) {
    throw new TidemarkError(
      "config_invalid",
      `No names of Glue databases and tables can be made of database_prefix ${JSON.stringify(database_prefix)}, database ${JSON.stringify(database)} and table ${JSON.stringify(table)}.`,
      { remedy: "Use letters, digits and _ with {prefix} and {space} in database, {space} and {name} in table." },
    );
  }
  return { database: database.replaceAll("{prefix}", database_prefix).toLowerCase(), table: table.toLowerCase() };
}
