import { isDeepStrictEqual } from "node:util";
import type { Asset } from "../../model/asset.ts";
import type { Change } from "../../model/change.ts";
import type { Decision } from "../../model/checkpoint.ts";
import type { Problem } from "../../model/errors.ts";
import { jsonPointer } from "../../model/json-pointer.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import type { Withheld } from "../../model/plan.ts";
import { COLUMN, isOurs, MARK, PLAIN, TABLE } from "./marks.ts";
import { foldName } from "./naming.ts";
import { textOf } from "./parameter-texts.ts";
import { FieldSettlement } from "./settle-fields.ts";
import type { ColumnDocument, Parameters, TableDocument } from "./table-document.ts";
import { comment, describe, ownerName } from "./visible-texts.ts";

export interface MergeRequest {
  readonly asset: Asset;
  readonly change: Change;
  /** What others changed of our part is brought back; so it is where the change's cause is drift. */
  readonly repair?: boolean;
  /** A column that the source renamed keeps what people wrote on it. */
  readonly carryColumns?: boolean;
  /** Our part, as `toTable` makes it. */
  readonly ours: TableDocument;
  /** The table as it stands, or as the target last acknowledged it. */
  readonly theirs: TableDocument;
  /** The table as the target last acknowledged it; null where it never did. */
  readonly acknowledged: TableDocument | null;
  readonly decisions: readonly Decision[];
  readonly policyFor: PolicyFor;
}

export interface MergedTable {
  readonly table: TableDocument;
  readonly kept: readonly Problem[];
  readonly withheld: readonly Withheld[];
  readonly decisions: readonly Decision[];
}

/**
 * The table to write: theirs, with our part in it.
 *
 * | part | what it becomes |
 * |---|---|
 * | our parameters | ours; what is left of our prefix goes |
 * | description, owner, types and comments of our columns | merged three-way, by policy where both sides changed |
 * | our columns | in our order, first; one that people deleted stays away until the source changes it; one that the source dropped goes, and leaves what people wrote on it to the one that it became, if told so |
 * | everything else: other parameters, columns, storage, partition keys | theirs |
 *
 * What we last wrote is read off theirs, where our parameters tell it: so it is right even after a write whose outcome was never
 * learned, or after another tool put an older table back. For columns that lost their parameters, the table last acknowledged tells it.
 */
export function mergeTable(request: MergeRequest): MergedTable {
  const { asset, change, ours, theirs } = request;
  // A table that we wrote later than the one acknowledged: what was remembered with that one tells nothing of this one.
  const isStale = markedFingerprint(request.acknowledged) !== markedFingerprint(theirs);
  const acknowledged = isStale ? null : request.acknowledged;
  const fields = new FieldSettlement(
    change,
    request.repair === true || change.cause === "drift",
    isStale ? [] : request.decisions,
    request.policyFor,
  );
  const { Description, Owner, TableType: _, Parameters: parameters = {}, ...others } = theirs;
  const isOwned = textOf(parameters, MARK.asset) !== null;
  const description = fields.settle({
    path: DESCRIPTION,
    heldPaths: changedTexts(change),
    name: "the description",
    ours: ours.Description,
    theirs: Description || undefined,
    base: describe({ business_name: textOf(parameters, TABLE.businessName), description: textOf(parameters, TABLE.description) }).text,
    structure: false,
  });
  const owner = fields.settle({
    path: "/content/owner",
    name: "the owner",
    ours: ours.Owner,
    theirs: Owner || undefined,
    base: ownerName(textOf(parameters, TABLE.assetOwner)).text,
    structure: true,
  });
  const table: TableDocument = {
    ...others,
    Name: ours.Name,
    ...(description !== undefined && { Description: description }),
    ...(owner !== undefined && { Owner: owner }),
    ...given("TableType", isOwned ? theirs.TableType : (theirs.TableType ?? ours.TableType)),
    PartitionKeys: theirs.PartitionKeys ?? [],
    StorageDescriptor: {
      ...theirs.StorageDescriptor,
      SerdeInfo: theirs.StorageDescriptor?.SerdeInfo ?? {},
      Columns: [...mergeColumns(asset, { ours, theirs, acknowledged }, formerNames(request), fields)],
    },
    Parameters: { ...(isOwned ? {} : PLAIN), ...foreign(parameters), ...onlyOurs(ours.Parameters) },
  };
  return { table, kept: fields.kept, withheld: fields.withheld, decisions: fields.decisions };
}

const DESCRIPTION = "/content/description";

function changedTexts(change: Change): readonly string[] {
  const changed = change.fields.map((field) => field.path).filter((path) => path === "/content/business_name" || path === DESCRIPTION);
  return changed.length === 0 ? [DESCRIPTION] : changed;
}

function mergeColumns(
  asset: Asset,
  { ours, theirs, acknowledged }: Pick<MergeRequest, "ours" | "theirs" | "acknowledged">,
  former: ReadonlyMap<string, string>,
  fields: FieldSettlement,
): readonly ColumnDocument[] {
  const live = columnsByKey(theirs);
  const before = columnsByKey(acknowledged);
  const partitions = new Set((theirs.PartitionKeys ?? []).map(keyOf));
  const names = new Map(asset.schema.columns.map(({ name }) => [foldName(name).name, name]));
  const merged = (ours.StorageDescriptor?.Columns ?? []).flatMap((column): ColumnDocument[] => {
    const key = keyOf(column);
    const name = names.get(key) ?? key;
    // A column that people made a partition key stands there, and may not stand twice.
    if (partitions.has(key)) return [];
    const place = live.has(key) ? key : (former.get(key) ?? key);
    const there = live.get(place);
    if (there !== undefined) return [mergeColumn(name, column, there, before.get(place), fields)];
    return staysDeleted(name, column, before.get(key), fields) ? [] : [column];
  });
  const taken = new Set(merged.map(keyOf));
  const added = (theirs.StorageDescriptor?.Columns ?? []).filter((column) => {
    const key = keyOf(column);
    const isOnce = !taken.has(key);
    return isOnce && lastWritten(column) === null && lastWritten(before.get(key)) === null;
  });
  return [...merged, ...added];
}

/** Of the columns whose annotations come along: under which key each stood before. */
function formerNames({ change, carryColumns = false }: MergeRequest): ReadonlyMap<string, string> {
  const renames = carryColumns ? (change.column_renames ?? []) : [];
  return new Map(renames.map(({ from, to }) => [foldName(to).name, foldName(from).name]));
}

function mergeColumn(
  name: string,
  ours: ColumnDocument,
  theirs: ColumnDocument,
  acknowledged: ColumnDocument | undefined,
  fields: FieldSettlement,
): ColumnDocument {
  const base = lastWritten(theirs) ?? lastWritten(acknowledged);
  const type = fields.settle({
    path: jsonPointer("schema", "columns", name, "type"),
    name: `the type of column ${name}`,
    ours: ours.Type,
    theirs: theirs.Type || undefined,
    base: base?.type,
    structure: true,
  });
  const text = fields.settle({
    path: jsonPointer("metadata", "custom_properties", "columns", name, "label"),
    name: `the comment of column ${name}`,
    ours: ours.Comment,
    theirs: theirs.Comment || undefined,
    base: base?.comment,
    structure: false,
  });
  const { Type: _type, Comment: _comment, ...others } = theirs;
  return {
    ...others,
    Name: ours.Name,
    ...given("Type", type),
    ...given("Comment", text),
    Parameters: { ...foreign(theirs.Parameters ?? {}), ...ours.Parameters },
  };
}

/** True for a column of ours that people deleted, while the source's has not changed since. */
function staysDeleted(name: string, ours: ColumnDocument, acknowledged: ColumnDocument | undefined, fields: FieldSettlement): boolean {
  const path = jsonPointer("schema", "columns", name);
  if (fields.bringsBack(path)) return false;
  const definition = JSON.stringify(ours.Parameters);
  const isUnchanged = isDeepStrictEqual(onlyOurs(acknowledged?.Parameters), onlyOurs(ours.Parameters));
  if (!isUnchanged && fields.recall(path, definition, undefined) === undefined) return false;
  fields.remember(path, "target_wins", definition, undefined);
  return true;
}

/** What we last wrote on a column, by its parameters; null for one that bears none of ours. */
function lastWritten(
  column: ColumnDocument | undefined,
): { readonly type: string | undefined; readonly comment: string | undefined } | null {
  const parameters = column?.Parameters ?? {};
  if (textOf(parameters, COLUMN.name) === null) return null;
  return { type: textOf(parameters, COLUMN.gtype) ?? undefined, comment: comment(textOf(parameters, COLUMN.label)).text };
}

function markedFingerprint(table: TableDocument | null): string | null {
  return textOf(table?.Parameters ?? {}, MARK.fingerprint);
}

/** By folded name; where people made two columns of one name, the first. */
function columnsByKey(table: TableDocument | null): ReadonlyMap<string, ColumnDocument> {
  return new Map((table?.StorageDescriptor?.Columns ?? []).toReversed().map((column) => [keyOf(column), column]));
}

function keyOf(column: ColumnDocument): string {
  return (column.Name ?? "").toLowerCase();
}

function foreign(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !isOurs(key)));
}

function onlyOurs(parameters: Parameters | undefined): Parameters {
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([key]) => isOurs(key)));
}

function given<Key extends string>(key: Key, value: string | undefined): { readonly [key in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in Key]?: string });
}
