import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { FLOW_TYPES, type FlowObjects } from "../object-types.ts";

/** What a flow says of one table that it fills. */
export interface Fill {
  /** The technical name of the table, in the flow's own space. */
  readonly table: string;
  readonly sources: readonly FlowSource[];
  /** What each of its columns is filled from, as far as the flow says it: a column, or an expression over some. */
  readonly columns: { readonly [column: string]: string };
}

/** An object that a flow reads: in the tenant by the name that the flow has for it, elsewhere with its connection. */
export interface FlowSource {
  readonly connection?: string;
  readonly object: string;
}

/**
 * The tables of its own space that a flow fills; empty where it fills none of them but things elsewhere. Null where nothing that it fills
 * is to be found: then its form is not one that we know.
 *
 * A data flow and a transformation flow are graphs of processes, of which each target is said to be filled from every source; a replication
 * flow is a list of pairs.
 */
export function fillsOf(document: Json, type: FlowObjects, name: string): readonly Fill[] | null {
  const flow = at(at(document, FLOW_TYPES[type]), name);
  if (!isJsonObject(flow)) return null;
  const found = type === "replication_flows" ? replications(at(flow, "contents")) : graph(flow);
  if (found.length === 0) return null;
  const own = found.filter(({ target }) => target.connection === undefined);
  return [...Map.groupBy(own, ({ target }) => target.object)]
    .map(([table, edges]) => ({
      table,
      sources: distinct(edges.flatMap(({ sources }) => sources)),
      columns: Object.fromEntries(edges.flatMap(({ columns }) => columns)),
    }))
    .toSorted((a, b) => compareCodePoints(a.table, b.table));
}

/** One thing that a flow fills, wherever it stands. */
interface Edge {
  readonly target: FlowSource;
  readonly sources: readonly FlowSource[];
  readonly columns: readonly (readonly [column: string, from: string])[];
}

function replications(contents: Json | undefined): readonly Edge[] {
  const [from, to] = ["sourceSystem", "targetSystem"].map((key) => elementsOf(at(contents, key))[0]);
  return elementsOf(at(contents, "replicationTasks")).flatMap((task): Edge[] => {
    const source = textAt(at(task, "sourceObject"), "name");
    const target = textAt(at(task, "targetObject"), "name");
    if (target === null) return [];
    return [
      {
        target: placed(target, textAt(to, "connectionId")),
        sources: source === null ? [] : [placed(source, textAt(from, "connectionId"), textAt(from, "container"))],
        columns: mappings(at(at(task, "transform"), "attributeMappings")),
      },
    ];
  });
}

function graph(flow: JsonObject): readonly Edge[] {
  const processes = Object.values(objectAt(at(flow, "contents"), "processes")).map((process) => ({
    role: textAt(process, "component")?.split(".").at(-1) ?? "",
    config: objectAt(at(process, "metadata"), "config"),
  }));
  const targets = processes.filter(({ role }) => role === "producer" || role === "target");
  const read = processes.filter((process) => !targets.includes(process)).flatMap(({ config, role }) => sourcesOf(config, role));
  const sources = distinct(read.length > 0 ? read : Object.keys(objectAt(flow, "sources")).map((object) => ({ object })));
  const edges = targets.flatMap(({ config }): Edge[] => {
    const target = endpoint(config);
    return target === null ? [] : [{ target, sources, columns: mappings(config["attributeMappings"]) }];
  });
  // Some name their targets beside the processes alone.
  return edges.length > 0 ? edges : Object.keys(objectAt(flow, "targets")).map((object) => ({ target: { object }, sources, columns: [] }));
}

/** What a process reads: an object, or whatever the query in it is made of. */
function sourcesOf(config: JsonObject, role: string): readonly FlowSource[] {
  if (role === "consumer" || role === "source") {
    const source = endpoint(config);
    return source === null ? [] : [source];
  }
  return queried(at(config["definition"], "query")).map((object) => ({ object }));
}

function endpoint(config: JsonObject): FlowSource | null {
  const object = ["dwcEntity", "qualifiedName", "name"].map((key) => textAt(config, key)).find((name) => name !== null);
  return object === undefined ? null : placed(object, textAt(config["hanaConnection"], "connectionID"));
}

// The tenant's own database goes by this name where connections are named.
const OWN = "$DWC";

function placed(object: string, connection: string | null, container: string | null = null): FlowSource {
  if (connection === null || connection === OWN) return { object };
  return { connection, object: container === null ? object : `${container}/${object}` };
}

/** The heads of what a query selects from; what is nested too deep to be a query is none. */
function queried(query: Json | undefined, depth = 0): readonly string[] {
  if (!isJsonObject(query) || depth > DEEPEST_QUERY) return [];
  const ref = elementsOf(query["ref"])[0];
  const head = typeof ref === "string" ? ref : textAt(ref, "id");
  const inner = [at(query["SELECT"], "from"), query["SET"], ...elementsOf(query["args"])];
  return [...(head === null ? [] : [head]), ...inner.flatMap((part) => queried(part, depth + 1))];
}

const DEEPEST_QUERY = 64;

function mappings(value: Json | undefined): readonly (readonly [string, string])[] {
  return elementsOf(value).flatMap((mapping): (readonly [string, string])[] => {
    const [column, from] = [textAt(mapping, "target"), textAt(mapping, "expression") ?? textAt(mapping, "source")];
    return column === null || from === null ? [] : [[column, from]];
  });
}

function distinct(sources: readonly FlowSource[]): readonly FlowSource[] {
  const byKey = new Map(sources.map((source) => [`${source.connection ?? ""}\n${source.object}`, source]));
  return [...byKey].toSorted(([a], [b]) => compareCodePoints(a, b)).map(([, source]) => source);
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function objectAt(value: Json | undefined, key: string): JsonObject {
  const inner = at(value, key);
  return isJsonObject(inner) ? inner : {};
}

function textAt(value: Json | undefined, key: string): string | null {
  const text = at(value, key);
  return typeof text === "string" && text !== "" ? text : null;
}

function elementsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
