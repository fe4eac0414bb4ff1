import { diffDocuments } from "../../model/diff.ts";
import type { Checkpoint, MergePolicy } from "../../model/checkpoint.ts";
import { toDocument } from "../../model/document.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { jsonPointer, keysOf } from "../../model/json-pointer.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { FieldDrift } from "../../model/outcome.ts";
import { fingerprintOf, ourColumns } from "./fingerprint.ts";
import { fromTable } from "./from-table.ts";
import { COLUMN, isOurs, MARK, TABLE } from "./marks.ts";
import { foldName } from "./naming.ts";
import { textOf } from "./parameter-texts.ts";
import { isOursAlone } from "./settle-fields.ts";
import type { ColumnDocument, TableDocument } from "./table-document.ts";
import { comment, describe, ownerName } from "./visible-texts.ts";

/**
 * What people and other tools changed on a table since we last wrote it.
 *
 * | what differs | path | whose |
 * |---|---|---|
 * | the asset that our parameters tell | its field in the document shape | ours |
 * | description, owner, types and comments of our columns | the asset's field that is shown there | by the policy of that field |
 * | our marks, and parameters of ours that tell no field | `/target/Parameters/…`, `/target/Columns/<name>/Parameters/…` | ours |
 * | everything else | `/target/…` | theirs |
 */
export function tableDrift(
  recorded: TableDocument,
  live: TableDocument,
  applied: Pick<Checkpoint, "snapshot" | "decisions">,
  policyFor: PolicyFor,
): readonly FieldDrift[] {
  const found = new Map<string, FieldDrift>();
  // Where two of them name one field, the first tells more.
  const add = (fields: Iterable<FieldDrift>): void => {
    for (const field of fields) if (!found.has(field.path)) found.set(field.path, field);
  };
  add(assetEdits(recorded, live, policyFor));
  add(earlierDeletions(applied, live, policyFor));
  add(ownParameterEdits(recorded, live).filter(({ path }) => MARK_PATHS.has(path)));
  add(shownFieldEdits(recorded, live, policyFor));
  const isTold = [...found.values()].some(({ kept }) => kept === undefined);
  if (!isTold && fingerprintOf(recorded) !== fingerprintOf(live)) add(ownParameterEdits(recorded, live));
  add(foreignEdits(recorded, live));
  return [...found.values()].toSorted((a, b) => compareCodePoints(a.path, b.path));
}

const MARK_PATHS: ReadonlySet<string> = new Set(Object.values(MARK).map((name) => jsonPointer("target", "Parameters", name)));

/** Differences of the assets that the two tables tell. A table whose parameters tell none differs in them, one by one. */
function assetEdits(recorded: TableDocument, live: TableDocument, policyFor: PolicyFor): readonly FieldDrift[] {
  const [before, after] = [fromTable(recorded), fromTable(live)];
  if (before === null || after === null) return before === after ? [] : ownParameterEdits(recorded, live);
  const columns = columnsByKey(live);
  const partitions = new Set((live.PartitionKeys ?? []).map(keyOf));
  return diffDocuments(toDocument(before), toDocument(after)).map(({ path, old, new: now }): FieldDrift => {
    const [facet, list, name = "", ...deeper] = keysOf(path);
    const edit = { path, ...given("ours", old), ...given("theirs", now) };
    if (facet !== "schema" || list !== "columns" || deeper.length > 0 || now !== undefined) return edit;
    const key = foldName(name).name;
    // It is still there, only our parameters on it are gone; or it was made a partition key, which is nothing that we undo.
    if (partitions.has(key)) return { ...edit, kept: true };
    if (columns.has(key)) return { ...edit, theirs: { type: columns.get(key)?.Type ?? "" } };
    return isTheirs(policyFor(before.id, path)) ? { ...edit, kept: true } : edit;
  });
}

/** Columns of ours that people deleted before our last write, which left them so: as much an edit after it as before. */
function earlierDeletions(
  { snapshot, decisions }: Pick<Checkpoint, "snapshot" | "decisions">,
  live: TableDocument,
  policyFor: PolicyFor,
): readonly FieldDrift[] {
  const there = new Set([...columnsByKey(live).keys(), ...(live.PartitionKeys ?? []).map(keyOf)]);
  const { columns } = toDocument(snapshot).schema;
  return decisions.flatMap(({ path }): FieldDrift[] => {
    const [facet, list, name = "", ...deeper] = keysOf(path);
    if (facet !== "schema" || list !== "columns" || deeper.length > 0 || there.has(foldName(name).name)) return [];
    const ours = Object.hasOwn(columns, name) ? columns[name] : undefined;
    return [{ path, ...given("ours", ours), ...(isTheirs(policyFor(snapshot.id, path)) && { kept: true as const }) }];
  });
}

/** Of a part of the structure: whoever edits it in the target keeps the edit. */
function isTheirs(policy: MergePolicy): boolean {
  return !isOursAlone(policy, true) && policy !== "hold";
}

/**
 * Glue's own fields that show something of the asset. What is ours alone is compared with what our parameters say that we wrote, so that
 * an edit shows until it is undone; a text that is theirs to change, with what stood there at our last write.
 */
function shownFieldEdits(recorded: TableDocument, live: TableDocument, policyFor: PolicyFor): readonly FieldDrift[] {
  const { Parameters: parameters = {} } = recorded;
  const id = textOf(parameters, MARK.asset) ?? "";
  const edits: FieldDrift[] = [];
  const compare = (
    path: string,
    written: string | undefined,
    stood: string | undefined,
    theirs: string | undefined,
    structure: boolean,
  ): void => {
    const policy = policyFor(id, path);
    // Where we wrote nothing, nothing is ours.
    const isKept = written === undefined || (!isOursAlone(policy, structure) && policy !== "hold");
    const ours = isKept ? stood : written;
    if ((ours ?? "") === (theirs ?? "")) return;
    edits.push({ path, ...given("ours", ours), ...given("theirs", theirs), ...(isKept && { kept: true as const }) });
  };
  const text = describe({ business_name: textOf(parameters, TABLE.businessName), description: textOf(parameters, TABLE.description) }).text;
  compare("/content/description", text, recorded.Description, live.Description, false);
  compare("/content/owner", ownerName(textOf(parameters, TABLE.assetOwner)).text, recorded.Owner, live.Owner, true);
  const columns = columnsByKey(live);
  for (const column of ourColumns(recorded)) {
    const there = columns.get(keyOf(column));
    if (there === undefined) continue;
    const { Parameters: own = {} } = column;
    const name = nameOf(column);
    compare(jsonPointer("schema", "columns", name, "type"), textOf(own, COLUMN.gtype) ?? column.Type, column.Type, there.Type, true);
    const label = comment(textOf(own, COLUMN.label)).text;
    compare(jsonPointer("metadata", "custom_properties", "columns", name, "label"), label, column.Comment, there.Comment, false);
  }
  return edits;
}

function ownParameterEdits(recorded: TableDocument, live: TableDocument): readonly FieldDrift[] {
  const own = ({ Parameters = {} }: TableDocument | ColumnDocument): JsonObject =>
    Object.fromEntries(Object.entries(Parameters).filter(([key]) => isOurs(key)));
  const part = (table: TableDocument): JsonObject => ({
    Parameters: own(table),
    Columns: Object.fromEntries((table.StorageDescriptor?.Columns ?? []).map((column) => [keyOf(column), { Parameters: own(column) }])),
  });
  return differences(part(recorded), part(live));
}

/** What is neither ours nor shows something of ours. An empty value, zero and false say as much as an absent one. */
function foreignEdits(recorded: TableDocument, live: TableDocument): readonly FieldDrift[] {
  const ours = new Set([...ourColumns(recorded), ...ourColumns(live)].map(keyOf));
  return differences(foreignPart(recorded, ours), foreignPart(live, ours)).map((edit): FieldDrift => ({ ...edit, kept: true }));
}

function foreignPart(table: TableDocument, ours: ReadonlySet<string>): JsonObject {
  const { Name: _name, Description: _description, Owner: _owner, Parameters = {}, StorageDescriptor, ...members } = table;
  const { Columns = [], ...storage } = StorageDescriptor ?? {};
  const foreign = (parameters: { readonly [key: string]: string }): JsonObject =>
    Object.fromEntries(Object.entries(parameters).filter(([key]) => !isOurs(key)));
  const columns = Columns.map(({ Name: _column, Type = "", Comment = "", Parameters: parameters = {} }, at): readonly [string, Json] => {
    const key = keyOf(Columns[at] ?? {});
    return [key, ours.has(key) ? { Parameters: foreign(parameters) } : { Type, Comment, Parameters: foreign(parameters) }];
  });
  const part = { ...members, Parameters: foreign(Parameters), StorageDescriptor: storage, Columns: Object.fromEntries(columns) };
  return (withoutDefaults(part as unknown as Json) ?? {}) as JsonObject;
}

function withoutDefaults(value: Json): Json | undefined {
  if (value === null || value === "" || value === 0 || value === false) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : (value as Json);
  const entries = Object.entries(value as JsonObject).flatMap(([key, member]): [string, Json][] => {
    const kept = withoutDefaults(member);
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function differences(before: JsonObject, after: JsonObject): readonly FieldDrift[] {
  return diffDocuments(before, after).map(({ path, old, new: now }) => ({
    path: `/target${path}`,
    ...given("ours", old),
    ...given("theirs", now),
  }));
}

function columnsByKey(table: TableDocument): ReadonlyMap<string, ColumnDocument> {
  return new Map((table.StorageDescriptor?.Columns ?? []).toReversed().map((column) => [keyOf(column), column]));
}

function keyOf({ Name = "" }: ColumnDocument | { readonly Name?: string }): string {
  return Name.toLowerCase();
}

/** The source's spelling, from our parameter. */
function nameOf(column: ColumnDocument): string {
  return textOf(column.Parameters ?? {}, COLUMN.name) ?? keyOf(column);
}

function given<Key extends "ours" | "theirs">(key: Key, value: Json | undefined): { readonly [key in Key]?: Json } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in Key]?: Json });
}
