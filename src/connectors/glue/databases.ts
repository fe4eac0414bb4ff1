import type { Database } from "@aws-sdk/client-glue";
import type { OwnerMark } from "../../ports/target.ts";
import type { Called, GlueCalls } from "./calls.ts";
import type { Failure } from "./errors.ts";
import { DATABASE, MAPPING_VERSION } from "./marks.ts";
import type { Naming } from "./naming.ts";

/** Whether tables can be made in a database: null if so. */
export type DatabaseObstacle = Failure | ForeignDatabase;

export interface ForeignDatabase {
  readonly ok: false;
  readonly kind: "foreign";
  /** What stands in its place. */
  readonly what: string;
  readonly message: string;
}

export interface DatabaseParts {
  readonly calls: GlueCalls;
  readonly catalogId: string | undefined;
  readonly naming: Naming;
  /** Set on a database when it is made. */
  readonly tags: { readonly [tag: string]: string };
}

/** Makes the databases that are needed, each once however many ask. A database that somebody else made is used and left as it is. */
export class Databases {
  readonly #parts: DatabaseParts;
  readonly #ready = new Map<string, Promise<DatabaseObstacle | null>>();
  readonly #absent = new Set<string>();

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
  }

  /** Answers once the database is there, or with what prevents it. */
  ensure(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const ready = this.#ready.get(name) ?? this.#make(name, space, mark, signal);
    this.#ready.set(name, ready);
    const forget = (): void => this.forget(name);
    ready.then((obstacle) => obstacle !== null && forget(), forget);
    return ready;
  }

  /** Whether tables could be made in a database, without making it; what it finds need not be found again by {@link ensure}. */
  async look(name: string, signal: AbortSignal): Promise<DatabaseObstacle | "absent" | null> {
    if (this.#absent.has(name)) return "absent";
    const ready = await this.#ready.get(name);
    if (ready !== undefined) return ready;
    const found = await this.#get(name, signal);
    if (!found.ok) return found;
    if (found.value === null) {
      this.#absent.add(name);
      return "absent";
    }
    const obstacle = obstacleIn(found.value);
    if (obstacle === null) this.#ready.set(name, Promise.resolve(null));
    return obstacle;
  }

  /** A database turned out to be gone. */
  forget(name: string): void {
    this.#ready.delete(name);
  }

  async #make(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const found: Called<Database | null> = this.#absent.delete(name) ? { ok: true, value: null } : await this.#get(name, signal);
    if (found.ok) return found.value === null ? this.#create(name, space, mark, signal) : obstacleIn(found.value);
    return found;
  }

  async #create(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const { calls, catalogId, naming, tags } = this.#parts;
    // A database that takes several spaces is none's.
    const isOfSpace = naming.database.includes("{space}");
    const DatabaseInput = {
      Name: name,
      Description: `${isOfSpace ? `Space ${space}` : "Spaces"}, kept in step by Tidemark.`,
      Parameters: {
        [DATABASE.version]: MAPPING_VERSION,
        [DATABASE.owner]: mark.lineage,
        [DATABASE.pipeline]: mark.pipeline,
        ...(isOfSpace && { [DATABASE.space]: space }),
      },
    };
    const Tags = Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
    const created = await calls.write(
      (glue, options) => glue.createDatabase({ CatalogId: catalogId, DatabaseInput, ...Tags }, options),
      signal,
    );
    if (created.ok) return null;
    if (created.kind !== "exists" && created.kind !== "unknown") return created;
    const found = await this.#get(name, signal);
    if (!found.ok) return found;
    return found.value === null ? created : obstacleIn(found.value);
  }

  async #get(name: string, signal: AbortSignal): Promise<Called<Database | null>> {
    const { calls, catalogId } = this.#parts;
    const called = await calls.read((glue, options) => glue.getDatabase({ CatalogId: catalogId, Name: name }, options), signal);
    if (called.ok) return { ok: true, value: called.value.Database ?? null };
    return called.kind === "absent" ? { ok: true, value: null } : called;
  }
}

function obstacleIn(database: Database): DatabaseObstacle | null {
  const what =
    database.TargetDatabase !== undefined ? "a resource link" : database.FederatedDatabase !== undefined ? "a federated database" : null;
  return what === null
    ? null
    : { ok: false, kind: "foreign", what, message: `the database ${database.Name} is ${what}, which Tidemark does not write into` };
}
