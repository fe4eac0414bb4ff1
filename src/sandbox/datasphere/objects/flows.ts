import type { JsonObject } from "../../../model/json.ts";
import type { FlowType } from "./object-types.ts";
import type { Original } from "./origin.ts";

/** The document of a flow that reads one table and writes another, or of a task chain that loads them. */
export function flowDocument(type: FlowType, name: string, label: string, [source, target]: readonly [Original, Original]): JsonObject {
  return { [type]: { [name]: { ...flow(type, label, source.name, target.name), _meta: { dependencies: { folderAssignment: null } } } } };
}

function flow(type: FlowType, label: string, source: string, target: string): JsonObject {
  switch (type) {
    case "dataflows":
      return { kind: "sap.dis.dataflow", "@EndUserText.label": label, contents: dataFlow(label, source, target) };
    case "replicationflows":
      return { kind: "sap.dis.replicationflow", "@EndUserText.label": label, contents: replicationFlow(label, source, target) };
    case "transformationflows":
      return { kind: "sap.dis.transformationflow", "@EndUserText.label": label, contents: transformationFlow(label, source, target) };
    case "taskchains":
      return { kind: "sap.dwc.taskChain", "@EndUserText.label": label, ...taskChain(source, target) };
  }
}

function dataFlow(description: string, source: string, target: string): JsonObject {
  const table = (component: string, dwcEntity: string, more: JsonObject = {}): JsonObject => ({
    component: `com.sap.database.table.${component}`,
    metadata: { config: { dwcEntity, hanaConnection: { connectionID: "$DWC" }, ...more } },
  });
  return {
    description,
    processes: {
      tableconsumer1: table("consumer", source),
      tableproducer1: table("producer", target, { attributeMappings: [{ target: "ID", expression: '"ID"' }] }),
    },
    connections: [{ src: { port: "outTable", process: "tableconsumer1" }, tgt: { port: "inTable", process: "tableproducer1" } }],
  };
}

function replicationFlow(description: string, source: string, target: string): JsonObject {
  const task = { name: "replicationtask1", loadType: "REPLICATE", priority: 50, truncate: false };
  return {
    description,
    sourceSystem: [{ connectionId: "SOURCE", connectionType: "ABAP", container: "/CDS", maxConnections: 10, metadata: {} }],
    targetSystem: [{ connectionId: "$DWC", connectionType: "HANA", container: "", maxConnections: 10, metadata: {} }],
    replicationTasks: [{ ...task, sourceObject: { name: source }, targetObject: { name: target } }],
  };
}

function transformationFlow(description: string, source: string, target: string): JsonObject {
  const query = { SELECT: { from: { ref: [source] }, columns: [{ ref: ["ID"] }] } };
  return {
    description,
    processes: {
      viewtransform1: {
        component: "com.sap.dwc.viewtransform",
        metadata: { config: { definition: { kind: "entity", elements: {}, query } } },
      },
      target1: {
        component: "com.sap.dwc.target",
        metadata: { config: { name: target, truncate: true, attributeMappings: [{ source: "ID", target: "ID" }] } },
      },
    },
    connections: [{ src: { port: "outTable", process: "viewtransform1" }, tgt: { port: "inTable", process: "target1" } }],
  };
}

function taskChain(source: string, target: string): JsonObject {
  const task = (id: number, applicationId: string, activity: string, objectId: string): JsonObject => ({
    id,
    type: "TASK",
    taskIdentifier: { applicationId, activity, objectId },
    ignoreError: false,
  });
  return {
    nodes: [{ id: 0, type: "START" }, task(1, "LOCAL_TABLE", "DELETE_DATA", target), task(2, "VIEWS", "PERSIST", source)],
    links: [
      { id: 0, startNode: { nodeId: 0, statusRequired: "ANY" }, endNode: { nodeId: 1 } },
      { id: 1, startNode: { nodeId: 1, statusRequired: "COMPLETED" }, endNode: { nodeId: 2 } },
    ],
    options: { layout: "VERTICAL" },
    schemaVersion: 2,
  };
}
