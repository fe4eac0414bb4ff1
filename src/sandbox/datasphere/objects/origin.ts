import { enumValue } from "../../../csn/annotation-value.ts";
import { isJsonObject, type JsonObject } from "../../../model/json.ts";
import { isFlowType, type ObjectType } from "./object-types.ts";

/** What lists and the catalog say of an object. */
export interface Facts {
  readonly label: string | null;
  /** Symbol of the modelling pattern. */
  readonly usage: string | null;
  /** True where the catalog lists it. */
  readonly exposed: boolean;
  readonly hasParameters: boolean;
}

/** An object as it was before any edit. */
export interface Original extends Facts {
  readonly space: string;
  readonly name: string;
  readonly type: ObjectType;
  /** The body of a read: `definitions`, with `businessLayerDefinitions` for an analytic model, or the key of a flow's type. */
  document(): JsonObject;
}

/** Where the tenant's objects come from. They have numbers from 0, in the order in which they came to be. */
export interface Origin {
  readonly spaces: readonly string[];
  readonly size: number;
  /** Enough of an object to index it: of a generated one, much less work than the object. */
  place(number: number): Pick<Original, "space" | "type" | "exposed">;
  object(number: number): Original;
  find(space: string, name: string): number | null;
}

/** What a document says of its object. */
export function factsOf(document: JsonObject, type: ObjectType, name: string): Facts {
  const body = bodyOf(document, type, name);
  const label = body["@EndUserText.label"];
  const parameters = body["params"];
  return {
    label: typeof label === "string" ? label : null,
    usage: enumValue(body["@ObjectModel.modelingPattern"]),
    exposed: type === "analyticmodels" || (type === "views" && body["@DataWarehouse.consumption.external"] === true),
    hasParameters: isJsonObject(parameters) && Object.keys(parameters).length > 0,
  };
}

/** The object itself, out of its document; empty where that has none of it. */
export function bodyOf(document: JsonObject, type: ObjectType, name: string): JsonObject {
  const bodies = document[keyOf(type)];
  const body = isJsonObject(bodies) && Object.hasOwn(bodies, name) ? bodies[name] : undefined;
  return isJsonObject(body) ? body : {};
}

/** The document with another body for the object. */
export function withBody(document: JsonObject, type: ObjectType, name: string, body: JsonObject): JsonObject {
  const key = keyOf(type);
  const bodies = document[key];
  return { ...document, [key]: { ...(isJsonObject(bodies) ? bodies : {}), [name]: body } };
}

function keyOf(type: ObjectType): string {
  return isFlowType(type) ? type : "definitions";
}
