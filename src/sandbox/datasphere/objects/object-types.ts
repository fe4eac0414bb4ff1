import { objectTypeOf } from "../../../csn/object-type.ts";
import type { Json, JsonObject } from "../../../model/json.ts";

/** The types of objects that a space may hold: their segment in paths, and what SAP's command line calls them. */
export const OBJECT_TYPES = {
  localtables: "local-tables",
  remotetables: "remote-tables",
  views: "views",
  analyticmodels: "analytic-models",
  dataflows: "data-flows",
  replicationflows: "replication-flows",
  transformationflows: "transformation-flows",
  taskchains: "task-chains",
  dataaccesscontrols: "data-access-controls",
  ermodels: "er-models",
  factmodels: "fact-models",
} as const;

export type ObjectType = keyof typeof OBJECT_TYPES;

/** Types whose objects move data and are no assets: each stands in its document under a key of its own. */
export type FlowType = "dataflows" | "replicationflows" | "transformationflows" | "taskchains";
export const FLOW_TYPES: readonly FlowType[] = ["dataflows", "replicationflows", "transformationflows", "taskchains"];

export function isObjectType(segment: string): segment is ObjectType {
  return Object.hasOwn(OBJECT_TYPES, segment);
}

export function isFlowType(type: string): type is FlowType {
  return (FLOW_TYPES as readonly string[]).includes(type);
}

/** Where a definition is listed. */
export function typeOfDefinition(definition: JsonObject, businessLayer?: Json): ObjectType {
  switch (objectTypeOf(definition, businessLayer)) {
    case "analytic_model":
      return "analyticmodels";
    case "sql_view":
    case "graphical_view":
      return "views";
    case "remote_table":
      return "remotetables";
    case "dataset_table":
    case "local_table":
    case "external":
      return "localtables";
  }
}
