import type { Database } from "@aws-sdk/client-glue";
import type { OwnerMark } from "../../ports/target.ts";
import type { Called, GlueCalls } from "./calls.ts";
import type { Failure } from "./errors.ts";
import { DATABASE, MAPPING_VERSION } from "./marks.ts";

/** Whether tables can be made in a database: null if so. */
export type DatabaseObstacle = Failure | { readonly ok: false; readonly kind: "foreign"; readonly message: string };

/** Makes the databases that are needed, each once however many ask. A database that somebody else made is used and left as it is. */
export class Databases {
  readonly #calls: GlueCalls;
  readonly #catalogId: string | undefined;
  readonly #ready = new Map<string, Promise<DatabaseObstacle | null>>();

  constructor(calls: GlueCalls, catalogId: string | undefined) {
    this.#calls = calls;
    this.#catalogId = catalogId;
  }

  /** Answers once the database is there, or with what prevents it. */
  ensure(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const ready = this.#ready.get(name) ?? this.#make(name, space, mark, signal);
    this.#ready.set(name, ready);
    const forget = (): void => this.forget(name);
    ready.then((obstacle) => obstacle !== null && forget(), forget);
    return ready;
  }

  /** A database turned out to be gone. */
  forget(name: string): void {
    this.#ready.delete(name);
  }

  async #make(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const found = await this.#get(name, signal);
    if (found.ok) return found.value === null ? this.#create(name, space, mark, signal) : obstacleIn(found.value);
    return found;
  }

  async #create(name: string, space: string, mark: OwnerMark, signal: AbortSignal): Promise<DatabaseObstacle | null> {
    const DatabaseInput = {
      Name: name,
      Description: `Space ${space}, kept in step by Tidemark.`,
      Parameters: {
        [DATABASE.version]: MAPPING_VERSION,
        [DATABASE.owner]: mark.lineage,
        [DATABASE.pipeline]: mark.pipeline,
        [DATABASE.space]: space,
      },
    };
    const created = await this.#calls.write(
      (glue, options) => glue.createDatabase({ CatalogId: this.#catalogId, DatabaseInput }, options),
      signal,
    );
    if (created.ok) return null;
    if (created.kind !== "exists" && created.kind !== "unknown") return created;
    const found = await this.#get(name, signal);
    if (!found.ok) return found;
    return found.value === null ? created : obstacleIn(found.value);
  }

  async #get(name: string, signal: AbortSignal): Promise<Called<Database | null>> {
    const called = await this.#calls.read((glue, options) => glue.getDatabase({ CatalogId: this.#catalogId, Name: name }, options), signal);
    if (called.ok) return { ok: true, value: called.value.Database ?? null };
    return called.kind === "absent" ? { ok: true, value: null } : called;
  }
}

function obstacleIn(database: Database): DatabaseObstacle | null {
  const what =
    database.TargetDatabase !== undefined ? "a resource link" : database.FederatedDatabase !== undefined ? "a federated database" : null;
  return what === null
    ? null
    : { ok: false, kind: "foreign", message: `the database ${database.Name} is ${what}, which Tidemark does not write into` };
}
