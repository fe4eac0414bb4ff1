import type { Exchange } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { deepJson, ELSEWHERE } from "./hostile-bodies.ts";
import { isFlowType } from "./objects/object-types.ts";

interface Row {
  readonly [property: string]: unknown;
}

/** A list as either interface answers with it: bare, or in `value`. */
interface Body {
  readonly value?: readonly Row[];
  readonly [property: string]: unknown;
}

/** The text of an answer as a fault makes it. `turn` differs from one request to the next. */
export function rewritten(text: string, fault: Fault, exchange: Exchange, turn: number): string {
  switch (fault.fault) {
    case "cut_body":
      return cut(text);
    case "empty_body":
      return "";
    case "duplicate_attribute":
      return text.replace("<Property Name=", '<Property Name="TWICE" Name=');
    case "deep_json":
      return withDeepValue(JSON.parse(text) as unknown, fault.levels ?? 70);
    case "missing_definition":
      return JSON.stringify(overDefinitions(JSON.parse(text) as Row, () => []));
    case "broken_definition":
      return JSON.stringify(overDefinitions(JSON.parse(text) as Row, ([name]) => [[name, { kind: "entity", elements: "none" }]]));
    case "object_instead_of_list":
      return JSON.stringify({ message: "The service is busy.", details: {} });
    default:
      return JSON.stringify(rewrittenList(JSON.parse(text) as Body | readonly Row[], fault, exchange, turn));
  }
}

// At a boundary between elements, where a lenient reader of XML does not notice; JSON anywhere.
function cut(text: string): string {
  const half = text.slice(0, text.length >>> 1);
  return text.startsWith("<?xml") ? half.slice(0, half.lastIndexOf(">") + 1) : half;
}

function rewrittenList(body: Body | readonly Row[], fault: Fault, exchange: Exchange, turn: number): unknown {
  if (isList(body)) return rewrittenRows(body, fault);
  const { "@odata.nextLink": _link, ...unlinked } = body;
  const rows = body.value ?? [];
  const here = `${exchange.origin}${exchange.path}`;
  switch (fault.fault) {
    case "wrong_count":
      return { ...body, "@odata.count": Number(body["@odata.count"] ?? rows.length) + 1 };
    case "missing_next_link":
      return { ...unlinked, value: rows.slice(0, fault.rows ?? rows.length >>> 1) };
    case "foreign_next_link":
      return { ...body, "@odata.nextLink": fault.location ?? `${ELSEWHERE}?$skiptoken=1` };
    case "looping_next_link":
      return { ...body, "@odata.nextLink": `${here}${exchange.query.size > 0 ? `?${exchange.query.toString()}` : ""}` };
    case "endless_next_link":
      return { ...body, value: [], "@odata.nextLink": `${here}?$skiptoken=${turn}` };
    default:
      return { ...body, value: rewrittenRows(rows, fault) };
  }
}

function rewrittenRows(rows: readonly Row[], { fault }: Fault): readonly unknown[] {
  const middle = rows.length >>> 1;
  switch (fault) {
    case "duplicate_row":
      return [...rows, ...rows.slice(0, 1)];
    case "dropped_row":
      return rows.filter((_, at) => at !== middle);
    case "nameless_row":
      return rows.map((row, at) => (at === middle ? {} : row));
    default:
      return rows;
  }
}

// Spliced in as text: `JSON.stringify` itself does not go so deep.
function withDeepValue(body: unknown, levels: number): string {
  const mark = "@Sandbox.deep";
  const marked = JSON.stringify(marking(body, mark));
  return marked.replace(`"${mark}":0`, `"${mark}":${deepJson(levels)}`);
}

// Into the first row, or into the first definition, or else at the top.
function marking(body: unknown, mark: string): unknown {
  if (Array.isArray(body)) return body.map((row: unknown, at) => (at === 0 && isRow(row) ? { ...row, [mark]: 0 } : row));
  if (!isRow(body)) return body;
  if (Array.isArray(body["value"])) return { ...body, value: marking(body["value"], mark) };
  const marked = overDefinitions(body, ([name, definition], at) => [
    [name, at === 0 && isRow(definition) ? { ...definition, [mark]: 0 } : definition],
  ]);
  return marked === body ? { ...body, [mark]: 0 } : marked;
}

type Entry = readonly [name: string, definition: unknown];

// Definitions stand at the top of a read, below the space's name in a bulk read, and below their type where they are flows.
function overDefinitions(body: Row, change: (entry: Entry, at: number) => readonly Entry[]): Row {
  const definitions = body["definitions"];
  if (isRow(definitions)) return { ...body, definitions: Object.fromEntries(Object.entries(definitions).flatMap(change)) };
  const [only, ...others] = Object.entries(body);
  if (only === undefined || others.length > 0 || !isRow(only[1])) return body;
  if (isFlowType(only[0])) return { [only[0]]: Object.fromEntries(Object.entries(only[1]).flatMap(change)) };
  if (!isRow(only[1]["definitions"])) return body;
  return { [only[0]]: overDefinitions(only[1], change) };
}

function isList(body: Body | readonly Row[]): body is readonly Row[] {
  return Array.isArray(body);
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
