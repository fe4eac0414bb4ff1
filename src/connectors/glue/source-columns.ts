import { dataType } from "../../csn/data-type.ts";
import type { Asset, Column } from "../../model/asset.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { fromColumnType } from "./column-definition.ts";
import { COLUMN, isOurs } from "./marks.ts";
import { foldName } from "./naming.ts";
import { NATIVE_TYPE } from "./native-type.ts";
import { textOf } from "./parameter-texts.ts";
import type { SourceDefinition } from "./source-definition.ts";
import { sourceType } from "./source-type.ts";
import type { ColumnDocument, Parameters } from "./table-document.ts";
import { comment } from "./visible-texts.ts";

/** A column as a table in Glue has it. */
export interface SourceColumn {
  readonly column: Column;
  readonly dataType: string | null;
  /** For `custom_properties.columns`. */
  readonly facts: JsonObject;
  /** Its Glue type, where that is none that we know. */
  readonly unknownType: string | null;
}

/** The columns of a table and its partition keys, each name once: engines cannot read a second one, and Glue lets it stand. */
export function sourceColumns({ StorageDescriptor, PartitionKeys }: SourceDefinition, told: Asset | null): readonly SourceColumn[] {
  const found = new Map<string, SourceColumn>();
  const there = [
    ...(StorageDescriptor?.Columns ?? []).map((column) => ({ column, isPartition: false })),
    ...(PartitionKeys ?? []).map((column) => ({ column, isPartition: true })),
  ];
  for (const { column, isPartition } of there) {
    const original = originalName(column);
    const name = original === null || found.has(original) ? (column.Name ?? "") : original;
    if (name !== "" && !found.has(name)) found.set(name, sourceColumn(name, column, isPartition, told));
  }
  return [...found.values()];
}

/** Parameters that are not ours. */
export function foreignParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !isOurs(key)));
}

function sourceColumn(name: string, live: ColumnDocument, isPartition: boolean, told: Asset | null): SourceColumn {
  const { Type = "", Comment = "", Parameters: parameters = {} } = live;
  const written = textOf(parameters, COLUMN.gtype) === Type ? typeTold(parameters) : null;
  const { type, known } = written === null ? sourceType(Type) : { type: written.parts, known: true };
  const default_ = jsonIn(textOf(parameters, COLUMN.default));
  return {
    column: {
      name,
      ...type,
      ...(default_ !== undefined && { default: default_ }),
      ...(textOf(parameters, COLUMN.notNull) !== null && { not_null: true as const }),
      ...(textOf(parameters, COLUMN.key) !== null && { key: true as const }),
    },
    dataType: written === null ? dataType(type) : written.dataType,
    facts: {
      ...factsTold(told, name),
      ...label(Comment, textOf(parameters, COLUMN.label)),
      ...(written === null && Type !== "" && { [NATIVE_TYPE]: Type }),
      ...(isPartition && { "@Glue.partitionKey": true }),
      ...filled("@Glue.parameters", foreignParameters(parameters)),
    },
    unknownType: known ? null : Type,
  };
}

/** The name in the source's spelling; null where the column was renamed in Glue, or is none of ours. */
function originalName({ Name = "", Parameters: parameters = {} }: ColumnDocument): string | null {
  const told = textOf(parameters, COLUMN.name);
  return told !== null && foldName(told).name === Name.toLowerCase() ? told : null;
}

function typeTold(parameters: Parameters): ReturnType<typeof fromColumnType> {
  try {
    const told = fromColumnType(parameters);
    return typeof told?.parts.type === "string" ? told : null;
  } catch {
    // A parameter that should be JSON is none.
    return null;
  }
}

/** The label, as we wrote it or as somebody typed it over. */
function label(live: string, written: string | null): JsonObject {
  const now = live === (comment(written).text ?? "") ? written : live || null;
  return now === null ? {} : { label: now };
}

function factsTold(told: Asset | null, name: string): JsonObject {
  const columns = told?.metadata.custom_properties["columns"];
  const facts = isJsonObject(columns) && Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (!isJsonObject(facts)) return {};
  const { label: _label, ...others } = facts;
  return others;
}

function filled(key: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}

function jsonIn(text: string | null): Json | undefined {
  if (text === null) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
