import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { EDITS, editDefinition } from "../../tenant/edits.ts";
import { CONTENT_EDITS } from "../../tenant/edits/content.ts";
import type { Edit } from "../../tenant/edits/edit.ts";
import { BUSINESS_EDITS, LOGIC_EDITS } from "../../tenant/edits/metadata.ts";
import { NOISE_EDITS } from "../../tenant/edits/noise.ts";
import { SCHEMA_EDITS } from "../../tenant/edits/schema.ts";
import { identityOf } from "../../tenant/identity.ts";
import { Rng } from "../../tenant/rng.ts";
import { type Choice, type Edited, EditError, type EditKind, type TenantEdit } from "./edits.ts";
import { generatedAsset, givenObject } from "./generated-objects.ts";
import { isFlowType, type ObjectType, OBJECT_TYPES, typeOfDefinition } from "./object-types.ts";
import { bodyOf, withBody } from "./origin.ts";
import type { TenantObject } from "./tenant-object.ts";
import type { TenantObjects } from "./tenant-objects.ts";

const BY_KIND: Readonly<Record<EditKind, readonly Edit[]>> = {
  content: CONTENT_EDITS,
  schema: SCHEMA_EDITS,
  metadata: BUSINESS_EDITS,
  logic: LOGIC_EDITS,
  noise: NOISE_EDITS,
};
const EXPOSED = "@DataWarehouse.consumption.external";

/** Does to a tenant what people do to theirs. Throws {@link EditError}, and has changed nothing, for what the tenant cannot take. */
export class TenantEditor {
  readonly #tenant: TenantObjects;
  readonly #seed: number;
  #rounds = 0;

  constructor(tenant: TenantObjects, seed: number) {
    this.#tenant = tenant;
    this.#seed = seed;
  }

  apply(edit: TenantEdit): readonly Edited[] {
    this.#rounds += 1;
    switch (edit.edit) {
      case "change":
        return [this.#change(edit)];
      case "add":
        return [this.#add(edit)];
      case "delete":
        this.#tenant.delete(this.#find(edit));
        return [{ edit: "delete", space: edit.space, name: edit.name }];
      case "rename":
        return this.#rename(edit);
      case "expose":
      case "unexpose":
        return [this.#expose(this.#find(edit), edit.edit === "expose", edit.deploy)];
      case "deploy":
        this.#tenant.deploy(this.#find(edit));
        return [{ edit: "deploy", space: edit.space, name: edit.name }];
      case "add_space":
      case "delete_space":
      case "forbid":
      case "permit":
        return [this.#editSpace(edit)];
      case "random":
        return this.#random(edit);
    }
  }

  #change({ space, name, definition, deploy = true, ...choice }: Extract<TenantEdit, { readonly edit: "change" }>): Edited {
    const object = this.#find({ space, name });
    if (definition === undefined) {
      const edited = this.#changeByChoice(object, choice, deploy);
      if (edited === null) throw new EditError(`${space}.${name} has nothing that these changes could change.`);
      return edited;
    }
    this.#tenant.change(object, (document) => withBody(document, object.type, name, definition), deploy);
    return { edit: "change", space, name };
  }

  // The change is made anew from the same draws whenever the object is asked for; nothing but the draws is held.
  #changeByChoice(object: TenantObject, choice: Choice, deploy: boolean): Edited | null {
    const { number, space, name, type } = object;
    if (isFlowType(type)) throw new EditError(`${space}.${name} is no asset: give the whole definition of a flow.`);
    const edits = editsOf(choice);
    const keys = [choice.seed ?? this.#seed, number, 7, this.#rounds];
    const edit = (document: JsonObject): ReturnType<typeof editDefinition> =>
      editDefinition(bodyOf(document, type, name), edits, new Rng(...keys));
    const edited = edit(object.savedDocument());
    if (edited === null) return null;
    this.#tenant.change(
      object,
      (document) => withBody(document, type, name, edit(document)?.definition ?? bodyOf(document, type, name)),
      deploy,
    );
    return { edit: "change", space, name, edits: edited.edits.map((one) => one.name), facets: edited.facets };
  }

  #add({ space, name, type, definition, deploy = true }: Extract<TenantEdit, { readonly edit: "add" }>): Edited {
    if (!this.#tenant.spaces().includes(space)) throw new EditError(`There is no space ${space}: add it first.`);
    const made = this.#madeUp(space, name);
    if (this.#tenant.find(space, made.name) !== null) throw new EditError(`${space} has an object ${made.name} already.`);
    const body = definition ?? bodyOf(made.document(), made.type, made.name);
    const ofType: ObjectType = type ?? typeOfDefinition(body);
    this.#tenant.add(givenObject(space, made.name, ofType, withBody({}, ofType, made.name, body)), deploy);
    return { edit: "add", space, name: made.name };
  }

  // Numbers far behind those of the tenant, so that no made-up name is one of its own.
  #madeUp(space: string, name: string | undefined): ReturnType<typeof generatedAsset> {
    const world = { seed: this.#seed, spaces: [space] };
    const number = 2 ** 31 + this.#tenant.born;
    const made = generatedAsset(world, number);
    if (name === undefined) return made;
    return givenObject(
      space,
      name,
      made.type,
      withBody({}, made.type, name, bodyOf(made.document(), made.type, identityOf(world, number).name)),
    );
  }

  #rename({ space, name, to, to_space = space }: Extract<TenantEdit, { readonly edit: "rename" }>): readonly Edited[] {
    const object = this.#find({ space, name });
    if (!this.#tenant.spaces().includes(to_space)) throw new EditError(`There is no space ${to_space}: add it first.`);
    if (this.#tenant.find(to_space, to) !== null) throw new EditError(`${to_space} has an object ${to} already.`);
    const document = renamed(object.savedDocument(), name, to);
    this.#tenant.delete(object);
    this.#tenant.add(givenObject(to_space, to, object.type, document), true);
    return [
      { edit: "delete", space, name },
      { edit: "add", space: to_space, name: to },
    ];
  }

  #expose(object: TenantObject, exposed: boolean, deploy = true): Edited {
    const { space, name, type } = object;
    if (type !== "views") throw new EditError(`${space}.${name} is one of the ${OBJECT_TYPES[type]}: only views are exposed by hand.`);
    this.#tenant.change(
      object,
      (document) => withBody(document, type, name, { ...bodyOf(document, type, name), [EXPOSED]: exposed }),
      deploy,
    );
    return { edit: exposed ? "expose" : "unexpose", space, name };
  }

  #editSpace({ edit, space }: Extract<TenantEdit, { readonly edit: "add_space" | "delete_space" | "forbid" | "permit" }>): Edited {
    const isThere = this.#tenant.spaces().includes(space);
    if (edit === "add_space" && isThere) throw new EditError(`There is a space ${space} already.`);
    if (edit !== "add_space" && !isThere) throw new EditError(`There is no space ${space}.`);
    if (edit === "add_space") this.#tenant.addSpace(space);
    else if (edit === "delete_space") this.#tenant.deleteSpace(space);
    else this.#tenant.setMember(space, edit === "permit");
    return { edit, space };
  }

  #random({ does, percent, count, deploy = true, ...choice }: Extract<TenantEdit, { readonly edit: "random" }>): readonly Edited[] {
    const assets = this.#tenant.assets(does === "unexpose" ? "exposed" : "all");
    const wanted = count ?? Math.round(((percent ?? 0) / 100) * assets.length);
    const rng = new Rng(choice.seed ?? this.#seed, 9, this.#rounds);
    if (does === "add")
      return Array.from({ length: wanted }, () => this.#add({ edit: "add", space: rng.pick(this.#tenant.spaces()), deploy }));
    const edited: Edited[] = [];
    for (const number of inRandomOrder(assets, rng)) {
      if (edited.length >= wanted) break;
      const done = this.#editOne(this.#tenant.object(number), does, choice, deploy);
      if (done !== null) edited.push(done);
    }
    return edited;
  }

  #editOne(object: TenantObject, does: "change" | "delete" | "unexpose", choice: Choice, deploy: boolean): Edited | null {
    const { space, name } = object;
    switch (does) {
      case "change":
        return this.#changeByChoice(object, choice, deploy);
      case "unexpose":
        return object.type === "views" ? this.#expose(object, false, deploy) : null;
      case "delete":
        this.#tenant.delete(object);
        return { edit: "delete", space, name };
    }
  }

  #find({ space, name }: { readonly space: string; readonly name: string }): TenantObject {
    const object = this.#tenant.find(space, name);
    if (object === null) throw new EditError(`There is no object ${name} in ${space}.`);
    return object;
  }
}

// Everything that a document holds under its object's name.
function renamed(document: JsonObject, name: string, to: string): JsonObject {
  const parts = Object.entries(document).map(([key, part]) =>
    isJsonObject(part) && Object.hasOwn(part, name) ? ([key, { [to]: part[name] as Json }] as const) : ([key, part] as const),
  );
  return Object.fromEntries(parts);
}

function editsOf({ kinds, edits }: Choice): readonly Edit[] {
  if (kinds === undefined && edits === undefined) return EDITS.filter(({ facets }) => facets.length > 0);
  const named = edits === undefined ? [] : EDITS.filter(({ name }) => edits.includes(name));
  return [...new Set([...named, ...(kinds ?? []).flatMap((kind) => BY_KIND[kind])])];
}

// Steps of a length that has no divisor in common with the count come to every place once, and need no shuffled copy of a long list.
function* inRandomOrder(numbers: readonly number[], rng: Rng): Generator<number> {
  if (numbers.length === 0) return;
  let step = 1 + rng.below(numbers.length);
  while (commonDivisor(step, numbers.length) !== 1) step++;
  const start = rng.below(numbers.length);
  for (let turn = 0; turn < numbers.length; turn++) yield numbers[(start + turn * step) % numbers.length] as number;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
