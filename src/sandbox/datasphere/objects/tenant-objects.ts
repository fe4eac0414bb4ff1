import type { JsonObject } from "../../../model/json.ts";
import { NumberList } from "./number-list.ts";
import { isFlowType, type ObjectType } from "./object-types.ts";
import type { Origin, Original } from "./origin.ts";
import { type History, TenantObject } from "./tenant-object.ts";

interface Space {
  readonly lists: Map<ObjectType, NumberList>;
  readonly exposed: NumberList;
  isMember: boolean;
}

const FIRST_DAY = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

/**
 * All objects of the tenant, with what was done to them. Of an object nobody touched only its number is held, so that a million of
 * them take a few megabytes; everything else is made again whenever it is asked for.
 */
export class TenantObjects {
  readonly #origin: Origin;
  readonly #now: () => number;
  readonly #spaces = new Map<string, Space>();
  readonly #added = new Map<number, Original>();
  readonly #addedNames = new Map<string, number>();
  readonly #deleted = new Set<number>();
  readonly #histories = new Map<number, History>();
  #next: number;
  #lastTime = 0;
  #isTouched = false;

  constructor(origin: Origin, now: () => number) {
    this.#origin = origin;
    this.#now = now;
    this.#next = origin.size;
    this.#index();
  }

  /** Back to what the tenant was at first. */
  reset(): void {
    if (!this.#isTouched) return;
    for (const each of [this.#spaces, this.#added, this.#addedNames, this.#deleted, this.#histories]) each.clear();
    this.#next = this.#origin.size;
    this.#isTouched = false;
    this.#index();
  }

  /** All spaces, or those that the technical user is a member of. */
  spaces(which: "all" | "member" = "all"): readonly string[] {
    return [...this.#spaces].filter(([, { isMember }]) => which === "all" || isMember).map(([name]) => name);
  }

  isMember(space: string): boolean {
    return this.#spaces.get(space)?.isMember ?? false;
  }

  /** The numbers of a space's objects of a type, in the order in which they came to be. */
  list(space: string, type: ObjectType): NumberList {
    return this.#spaces.get(space)?.lists.get(type) ?? new NumberList();
  }

  /** The numbers of a space's objects that the catalog lists. */
  exposed(space: string): NumberList {
    return this.#spaces.get(space)?.exposed ?? new NumberList();
  }

  /** How many objects there ever were: the number that the next one gets. */
  get born(): number {
    return this.#next;
  }

  /** The numbers of all assets, or of those that the catalog lists. */
  assets(which: "all" | "exposed"): readonly number[] {
    return [...this.#spaces.values()].flatMap(({ lists, exposed }) =>
      which === "exposed" ? [...exposed] : [...lists].flatMap(([type, list]) => (isFlowType(type) ? [] : [...list])),
    );
  }

  object(number: number): TenantObject {
    const original = this.#added.get(number) ?? this.#origin.object(number);
    return new TenantObject(number, original, this.#historyOf(number));
  }

  find(space: string, name: string): TenantObject | null {
    if (!this.#spaces.has(space)) return null;
    const number = this.#addedNames.get(keyOf(space, name)) ?? this.#origin.find(space, name);
    return number === null || this.#deleted.has(number) ? null : this.object(number);
  }

  /** Opens an empty space. */
  addSpace(name: string): void {
    this.#isTouched = true;
    this.#space(name);
  }

  deleteSpace(name: string): void {
    this.#isTouched = true;
    for (const list of this.#spaces.get(name)?.lists.values() ?? []) for (const number of list) this.#deleted.add(number);
    this.#spaces.delete(name);
  }

  setMember(space: string, isMember: boolean): void {
    this.#isTouched = true;
    this.#space(space).isMember = isMember;
  }

  /** Adds an object under a name that its space has not. */
  add(original: Original, deploy: boolean): TenantObject {
    this.#isTouched = true;
    const number = this.#next++;
    const on = this.#tick();
    this.#added.set(number, original);
    this.#addedNames.set(keyOf(original.space, original.name), number);
    this.#histories.set(number, { created: on, changes: [], deployments: deploy ? [{ on, changes: 0 }] : [] });
    this.#enter(number, { ...original, exposed: deploy && original.exposed });
    return this.object(number);
  }

  delete({ number, space, name, type }: TenantObject): void {
    this.#isTouched = true;
    this.#deleted.add(number);
    this.#addedNames.delete(keyOf(space, name));
    this.#histories.delete(number);
    this.list(space, type).delete(number);
    this.exposed(space).delete(number);
  }

  change({ number }: TenantObject, apply: (document: JsonObject) => JsonObject, deploy: boolean): TenantObject {
    const history = this.#historyOf(number);
    this.#record(number, { ...history, changes: [...history.changes, { on: this.#tick(), apply }] });
    return deploy ? this.deploy(this.object(number)) : this.object(number);
  }

  deploy({ number }: TenantObject): TenantObject {
    const history = this.#historyOf(number);
    const deployment = { on: this.#tick(), changes: history.changes.length };
    this.#record(number, { ...history, deployments: [...history.deployments, deployment] });
    const object = this.object(number);
    if (object.deployed?.exposed === true) this.exposed(object.space).add(number);
    else this.exposed(object.space).delete(number);
    return object;
  }

  #record(number: number, history: History): void {
    this.#isTouched = true;
    this.#histories.set(number, history);
  }

  // What nobody touched was made a minute after the object before it, and deployed at once.
  #historyOf(number: number): History {
    const created = FIRST_DAY + number * MINUTE;
    return this.#histories.get(number) ?? { created, changes: [], deployments: [{ on: created, changes: 0 }] };
  }

  // No two changes have the same time.
  #tick(): number {
    this.#lastTime = Math.max(Math.floor(this.#now()), this.#lastTime + 1);
    return this.#lastTime;
  }

  #index(): void {
    for (const space of this.#origin.spaces) this.#space(space);
    for (let number = 0; number < this.#origin.size; number++) this.#enter(number, this.#origin.place(number));
  }

  #enter(number: number, { space: name, type, exposed }: Pick<Original, "space" | "type" | "exposed">): void {
    const space = this.#space(name);
    let list = space.lists.get(type);
    if (list === undefined) space.lists.set(type, (list = new NumberList()));
    list.add(number);
    if (exposed) space.exposed.add(number);
  }

  #space(name: string): Space {
    const known = this.#spaces.get(name);
    if (known !== undefined) return known;
    const space: Space = { lists: new Map(), exposed: new NumberList(), isMember: true };
    this.#spaces.set(name, space);
    return space;
  }
}

function keyOf(space: string, name: string): string {
  return `${space}.${name}`;
}
