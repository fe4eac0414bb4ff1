import type { JsonObject } from "../../../model/json.ts";
import type { ObjectType } from "./object-types.ts";
import { type Facts, factsOf, type Original } from "./origin.ts";

/** What people did to an object: each change makes the next document of the one before. Times are milliseconds since 1970. */
export interface History {
  readonly created: number;
  readonly changes: readonly { readonly on: number; readonly apply: (document: JsonObject) => JsonObject }[];
  /** Deployments, oldest first: how many changes were deployed then. */
  readonly deployments: readonly { readonly on: number; readonly changes: number }[];
}

export type Status = "Deployed" | "Changes to Deploy" | "Not Deployed";

/** One object of the tenant, as it is at this moment. Its documents are made when they are asked for, and not kept. */
export class TenantObject {
  /** Its place in the order of all objects. */
  readonly number: number;
  readonly #original: Original;
  readonly #history: History;

  constructor(number: number, original: Original, history: History) {
    this.number = number;
    this.#original = original;
    this.#history = history;
  }

  get space(): string {
    return this.#original.space;
  }

  get name(): string {
    return this.#original.name;
  }

  get type(): ObjectType {
    return this.#original.type;
  }

  get createdOn(): number {
    return this.#history.created;
  }

  get changedOn(): number {
    return this.#history.changes.at(-1)?.on ?? this.#history.created;
  }

  /** Null for an object that was never deployed. */
  get deployedOn(): number | null {
    return this.#history.deployments.at(-1)?.on ?? null;
  }

  get status(): Status {
    const deployed = this.#deployedChanges;
    if (deployed === null) return "Not Deployed";
    return deployed === this.#history.changes.length ? "Deployed" : "Changes to Deploy";
  }

  /** What lists say: the saved state. */
  get saved(): Facts {
    return this.#facts(this.#history.changes.length);
  }

  /** What the catalog says; null for an object that was never deployed. */
  get deployed(): Facts | null {
    const changes = this.#deployedChanges;
    return changes === null ? null : this.#facts(changes);
  }

  savedDocument(): JsonObject {
    return this.#document(this.#history.changes.length);
  }

  deployedDocument(): JsonObject | null {
    const changes = this.#deployedChanges;
    return changes === null ? null : this.#document(changes);
  }

  /** The object before its last change: what a stale read shows. */
  before(): TenantObject {
    const { created, changes, deployments } = this.#history;
    const kept = changes.slice(0, -1);
    const then = deployments.filter((deployment) => deployment.changes <= kept.length);
    return new TenantObject(this.number, this.#original, { created, changes: kept, deployments: then.length > 0 ? then : deployments });
  }

  get #deployedChanges(): number | null {
    return this.#history.deployments.at(-1)?.changes ?? null;
  }

  #document(changes: number): JsonObject {
    let document = this.#original.document();
    for (const { apply } of this.#history.changes.slice(0, changes)) document = apply(document);
    return document;
  }

  #facts(changes: number): Facts {
    return changes === 0 ? this.#original : factsOf(this.#document(changes), this.type, this.name);
  }
}
