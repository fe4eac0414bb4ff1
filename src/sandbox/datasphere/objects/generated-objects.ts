import type { JsonObject } from "../../../model/json.ts";
import { definitionOf, isExposed, shapeOf } from "../../tenant/definition.ts";
import { identityOf, spaceOf, type World } from "../../tenant/identity.ts";
import { type Kind, isView } from "../../tenant/shape.ts";
import { analyticModel } from "./analytic-model.ts";
import { FLOW_TYPES, type FlowType, type ObjectType } from "./object-types.ts";
import { flowDocument } from "./flows.ts";
import { factsOf, type Origin, type Original } from "./origin.ts";

export interface GeneratedOptions extends World {
  /** Tables, views and analytic models together. */
  readonly assets: number;
  /** How many of the assets are analytic models. */
  readonly analyticModels: number;
  /** Flows and task chains, beside the assets. */
  readonly flows: number;
}

/** A made-up tenant. First come tables and views, then analytic models, then flows; each is made of the seed and its number alone. */
export class GeneratedObjects implements Origin {
  readonly #world: World;
  readonly #tables: number;
  readonly #assets: number;
  readonly size: number;

  constructor({ seed, spaces, assets, analyticModels, flows }: GeneratedOptions) {
    this.#world = { seed, spaces };
    this.#tables = Math.max(1, assets - analyticModels);
    this.#assets = assets;
    this.size = assets + flows;
  }

  get spaces(): readonly string[] {
    return this.#world.spaces;
  }

  place(number: number): Pick<Original, "space" | "type" | "exposed"> {
    const space = spaceOf(this.#world, number);
    if (number >= this.#assets) return { space, type: flowType(number), exposed: false };
    if (number >= this.#tables) return { space, type: "analyticmodels", exposed: true };
    const type = typeOf(shapeOf(this.#world, number).kind);
    return { space, type, exposed: type === "views" && isExposed(this.#world, number) };
  }

  object(number: number): Original {
    if (number >= this.#assets) return this.#flow(number);
    return number >= this.#tables ? this.#model(number) : generatedAsset(this.#world, number);
  }

  // Every name ends with its object's number.
  find(space: string, name: string): number | null {
    const number = Number.parseInt(name.slice(name.lastIndexOf("_") + 1), 36);
    if (!Number.isSafeInteger(number) || number < 0 || number >= this.size) return null;
    const found = this.object(number);
    return found.space === space && found.name === name ? number : null;
  }

  #model(number: number): Original {
    const { space, name, label, document } = analyticModel(this.#world, this.#tables, number);
    return { space, name, type: "analyticmodels", label, usage: "ANALYTICAL_CUBE", exposed: true, hasParameters: false, document };
  }

  #flow(number: number): Original {
    const type = flowType(number);
    const { space, name: identity, label } = identityOf(this.#world, number);
    const name = `${FLOW_PREFIXES[type]}${identity}`;
    const document = (): JsonObject => flowDocument(type, name, label, this.#neighbours(space, number));
    return { space, name, type, label, usage: null, exposed: false, hasParameters: false, document };
  }

  // Two tables for a flow to read and write, of its space where a few looks find them.
  #neighbours(space: string, number: number): readonly [source: Original, target: Original] {
    const looks = Array.from({ length: 12 }, (_, look) => (number * 7919 + look * 104_729) % this.#tables);
    const near = looks.filter((table) => spaceOf(this.#world, table) === space);
    const [source = 0, target = source] = near.length > 0 ? near : looks;
    return [generatedAsset(this.#world, source), generatedAsset(this.#world, target)];
  }
}

/** One table or view of a made-up tenant, by its number. */
export function generatedAsset(world: World, number: number): Original {
  const { space, name, label } = identityOf(world, number);
  const { kind, usage } = shapeOf(world, number);
  const exposed = isView(kind) && isExposed(world, number);
  const document = (): JsonObject => ({ definitions: { [name]: definitionOf(world, number) } });
  return { space, name, type: typeOf(kind), label, usage, exposed, hasParameters: false, document };
}

/** An object that is added with a document of its own. */
export function givenObject(space: string, name: string, type: ObjectType, document: JsonObject): Original {
  return { space, name, type, ...factsOf(document, type, name), document: () => document };
}

const FLOW_PREFIXES: Readonly<Record<FlowType, string>> = {
  dataflows: "DF_",
  replicationflows: "RF_",
  transformationflows: "TF_",
  taskchains: "TC_",
};

function flowType(number: number): FlowType {
  return FLOW_TYPES[number % FLOW_TYPES.length] as FlowType;
}

function typeOf(kind: Kind): ObjectType {
  if (isView(kind)) return "views";
  return kind === "remote" ? "remotetables" : "localtables";
}
