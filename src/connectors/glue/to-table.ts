import { canonicalText } from "../../csn/canonical-text.ts";
import type { Asset, Column } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { OwnerMark } from "../../ports/target.ts";
import { toColumnType } from "./column-definition.ts";
import { glueType } from "./column-types.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { COLUMN, MAPPING_VERSION, MARK, PLAIN, TABLE } from "./marks.ts";
import { foldName, type Naming, placeOf } from "./naming.ts";
import { columnFact, nativeType } from "./native-type.ts";
import { toParameters } from "./parameter-texts.ts";
import type { ColumnDocument, TableDocument } from "./table-document.ts";
import type { TypeRules } from "./type-rules.ts";
import { comment, describe, ownerName } from "./visible-texts.ts";

/** What decides how an asset becomes a table. */
export interface MappingOptions {
  readonly naming: Naming;
  readonly types: TypeRules;
}

export type ToTable =
  | { readonly ok: true; readonly table: TableDocument; readonly fingerprint: string; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Our part of the table for an asset. Its parameters hold the whole asset, so that nothing is lost to Glue's limits nor to what people
 * type over: {@link fromTable} gives the asset back.
 */
export function toTable(asset: Asset, mark: OwnerMark, options: MappingOptions): ToTable {
  const collision = collidingColumns(asset.schema.columns);
  if (collision !== null)
    return {
      ok: false,
      problem: {
        asset_id: asset.id,
        code: "column_collision",
        message: `${asset.id} cannot be written: ${collision} Rename one of them in the source.`,
      },
    };
  const { content, schema, metadata } = asset;
  const place = placeOf(asset.id, options.naming);
  const description = describe(content);
  const owner = ownerName(content.owner);
  const columns = schema.columns.map((column) => toColumn(asset, column, options.types));
  const table: TableDocument = {
    Name: place.table,
    ...(description.text !== undefined && { Description: description.text }),
    ...(owner.text !== undefined && { Owner: owner.text }),
    TableType: "EXTERNAL_TABLE",
    PartitionKeys: [],
    StorageDescriptor: { Columns: columns.map(({ column }) => column), SerdeInfo: {} },
    Parameters: {
      ...PLAIN,
      ...toParameters({
        [MARK.version]: MAPPING_VERSION,
        [MARK.owner]: mark.lineage,
        [MARK.pipeline]: mark.pipeline,
        [MARK.asset]: asset.id,
        [TABLE.kind]: asset.asset_type,
        [TABLE.businessName]: content.business_name,
        [TABLE.description]: content.description,
        [TABLE.assetOwner]: content.owner,
        [TABLE.constraints]: unlessEmpty(schema.constraints),
        [TABLE.tags]: unlessEmpty(metadata.tags),
        [TABLE.dimensions]: unlessEmpty(metadata.dimensions),
        [TABLE.measures]: unlessEmpty(metadata.measures),
        [TABLE.hierarchies]: unlessEmpty(metadata.hierarchies),
        [TABLE.certificationStatus]: metadata.certification_status,
        [TABLE.customProperties]: unlessEmpty(metadata.custom_properties),
      }),
    },
  };
  const fingerprint = fingerprintOf(table);
  const warnings = [...place.warnings, ...warningsOf(asset, columns, description.cut || owner.cut)];
  return { ok: true, table: { ...table, Parameters: { ...table.Parameters, [MARK.fingerprint]: fingerprint } }, fingerprint, warnings };
}

/** The business name of a column; null where it has none. */
export function columnLabel(asset: Asset, column: string): string | null {
  const label = columnFact(asset, column, "label");
  return typeof label === "string" ? label : null;
}

interface MappedColumn {
  readonly column: ColumnDocument;
  readonly name: string;
  readonly type: string;
  readonly typeKnown: boolean;
  readonly nameCut: boolean;
  readonly textCut: boolean;
}

function toColumn(asset: Asset, column: Column, types: TypeRules): MappedColumn {
  const label = columnLabel(asset, column.name);
  const visible = comment(label);
  const folded = foldName(column.name);
  const native = types.overrides.has(column.type) ? null : nativeType(asset, column);
  const { type, known } = native ?? glueType(column, types);
  const dataType = Object.hasOwn(asset.schema.data_types, column.name) ? asset.schema.data_types[column.name] : undefined;
  return {
    name: column.name,
    type: dataType ?? column.type,
    typeKnown: known,
    nameCut: folded.cut,
    textCut: visible.cut,
    column: {
      Name: folded.name,
      Type: type,
      ...(visible.text !== undefined && { Comment: visible.text }),
      Parameters: toParameters({
        [COLUMN.name]: column.name,
        ...toColumnType(column, dataType),
        [COLUMN.gtype]: type,
        [COLUMN.label]: label,
        [COLUMN.key]: column.key && "true",
        [COLUMN.notNull]: column.not_null && "true",
        [COLUMN.default]: column.default === undefined ? null : canonicalText(column.default),
      }),
    },
  };
}

function unlessEmpty(value: Json): string | null {
  return Object.keys(value as object).length === 0 ? null : canonicalText(value);
}

function collidingColumns(columns: readonly Column[]): string | null {
  const taken = new Map<string, string>();
  for (const { name } of columns) {
    const folded = foldName(name).name;
    const other = taken.get(folded);
    if (other !== undefined) return `its columns ${other} and ${name} would both be ${folded} in Glue.`;
    taken.set(folded, name);
  }
  return null;
}

function warningsOf(asset: Asset, columns: readonly MappedColumn[], textCut: boolean): readonly Problem[] {
  const names = columns.filter((column) => column.nameCut).map((column) => column.name);
  const unknown = columns.filter((column) => !column.typeKnown);
  const texts = [
    ...(textCut ? ["its description or owner"] : []),
    ...columns.filter((column) => column.textCut).map((column) => `the label of ${column.name}`),
  ];
  const warn = (code: Problem["code"], message: string): Problem => ({ asset_id: asset.id, code, message });
  return [
    ...(names.length > 0
      ? [
          warn(
            "name_shortened",
            `${asset.id} has column names longer than Glue allows, which are cut there: ${names.join(", ")}. The full names stand in the columns' parameters.`,
          ),
        ]
      : []),
    ...(texts.length > 0
      ? [
          warn(
            "text_shortened",
            `${asset.id} has texts longer than Glue's fields, which show their beginning: ${texts.join(", ")}. The full texts stand in the parameters.`,
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          warn(
            "type_unknown",
            `${asset.id} has columns whose types have no counterpart in Glue and are written as string: ${unknown.map(({ name, type }) => `${name} (${type})`).join(", ")}. The types stand in the columns' parameters.`,
          ),
        ]
      : []),
  ];
}
