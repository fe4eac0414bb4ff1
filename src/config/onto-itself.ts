import { accountOf } from "../connectors/glue/credentials.ts";
import { isAws } from "../connectors/glue/client.ts";
import { databasePrefix, type Naming, placeOf } from "../connectors/glue/naming.ts";
import { namingOf } from "../connectors/glue/naming-templates.ts";
import { DatabasePatterns, spaceOfDatabase } from "../connectors/glue/source-spaces.ts";
import { assetId } from "../model/asset.ts";
import type { GlueConnectionConfig } from "./glue-connection.ts";
import type { GlueSourceConfig, GlueTargetConfig } from "./written-config.ts";

/**
 * True for a pipeline from Glue to Glue that may read what it writes: source and target may be one catalog, and a database that it writes
 * to is one that it reads. It would copy its copies with every run. Where the configuration leaves open which catalog it is, it may be.
 */
export function copiesOntoItself(source: GlueSourceConfig, target: GlueTargetConfig): boolean {
  if (!mayBeSameCatalog(source, target)) return false;
  const naming = namingOf(target);
  // What it writes bears marks, and is none of these: only the very tables that are read are in its way.
  if (source.tables === "foreign") return databasePrefix(naming) === "";
  return readsWhatItWrites(source, naming);
}

function mayBeSameCatalog(a: GlueConnectionConfig, b: GlueConnectionConfig): boolean {
  const differ = (one: string | undefined, other: string | undefined): boolean => one !== undefined && other !== undefined && one !== other;
  const accounts = [a, b].map(({ catalog_id, role }) => catalog_id ?? accountOf(role));
  if (differ(accounts[0], accounts[1])) return false;
  if (isAws(a.endpoint) && isAws(b.endpoint)) return !differ(a.region, b.region);
  return a.endpoint !== undefined && b.endpoint !== undefined && new URL(a.endpoint).host === new URL(b.endpoint).host;
}

function readsWhatItWrites({ databases = ["*"], identity }: GlueSourceConfig, naming: Naming): boolean {
  const patterns = new DatabasePatterns(databases);
  const written = patterns.names.map((name) => placeOf(assetId(spaceOfDatabase(name), "t"), naming).database);
  if (written.some((name) => patterns.match(name))) return true;
  // Of spaces that are not known yet, what is written begins with this.
  const head = databasePrefix(naming);
  const mayMatch = (pattern: string): boolean => {
    const start = (pattern.split(/[*?]/)[0] as string).toLowerCase();
    return start.startsWith(head) || (/[*?]/.test(pattern) && head.startsWith(start));
  };
  return (patterns.isOpen || identity === "asset") && databases.some(mayMatch);
}
