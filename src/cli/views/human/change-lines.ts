import type { Change, ColumnRename, FieldChange } from "../../../model/change.ts";
import { isJsonObject, isRawNumber, type Json } from "../../../model/json.ts";
import { jsonPointer } from "../../../model/json-pointer.ts";
import { counted, cut, type Look, safe } from "./text.ts";

/** How many fields of a change are spelled out before the rest is counted. */
const FIELDS_SHOWN = 8;
const VALUE_LENGTH = 60;

/** A change as lines: the asset with its facets, and below it what differs in which field. */
export function changeLines(change: Change, look: Look, all: boolean): readonly string[] {
  const { paint } = look;
  const shown = all ? change.fields : change.fields.slice(0, FIELDS_SHOWN);
  const rest = change.fields.length - shown.length;
  return [
    changeHead(change, look),
    ...shown.map((field) => `      ${fieldLine(field, look)}`),
    ...(rest > 0 ? [paint("dim", `      … ${counted(rest, "more field")}: --all shows them`)] : []),
    ...(change.column_renames ?? []).slice(0, all ? undefined : FIELDS_SHOWN).map((rename) => `      ${renameLine(rename, look)}`),
  ];
}

type Headed = Pick<Change, "asset_id" | "change_type" | "facets"> & Partial<Pick<Change, "cause" | "logic" | "phase">>;

/** The asset with its facets: `~ SALES.Orders  content, schema`. */
export function changeHead(change: Headed, { paint }: Look): string {
  const { sign, colour } = signOf(change);
  return `  ${paint(colour, sign)} ${safe(change.asset_id)}  ${paint("dim", labelsOf(change))}`;
}

/** A column that seems to have been renamed: `> columns.NETWR → columns.NET_VALUE  75 % alike`. */
function renameLine({ from, to, similarity }: ColumnRename, { paint }: Look): string {
  const [was, is] = [from, to].map((name) => fieldName(jsonPointer("schema", "columns", name)));
  return `${paint("cyan", ">")} ${was} → ${is}  ${paint("dim", `${Math.round(similarity * 100)} % alike`)}`;
}

/** One field: `~ columns.NETWR.type: cds.Decimal(15,2) → cds.Decimal(17,2)`. */
export function fieldLine({ path, old: before, new: after }: FieldChange, { paint }: Look): string {
  const name = fieldName(path);
  if (before === undefined)
    return `${paint("green", "+")} ${name}${after === undefined || isMember(path, after) ? "" : `: ${valueText(after)}`}`;
  if (after === undefined) return `${paint("red", "-")} ${name}`;
  return `${paint("yellow", "~")} ${name}: ${valueText(before)} → ${valueText(after)}`;
}

// Members of a set are their own values.
function isMember(path: string, value: Json): boolean {
  return typeof value === "string" && path.endsWith(`/${value.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

/** The name of a field as people say it: its JSON Pointer without the facet, with dots. */
export function fieldName(path: string): string {
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const named = steps.length > 1 ? steps.slice(1) : steps;
  return named.map((step) => (/^[^\s."]+$/.test(step) ? safe(step) : JSON.stringify(safe(step)))).join(".");
}

function signOf(change: Headed): { readonly sign: string; readonly colour: "green" | "red" | "yellow" } {
  switch (change.change_type) {
    case "created":
      return { sign: "+", colour: "green" };
    case "deleted":
      return { sign: "-", colour: "red" };
    case "modified":
    case "schema_changed":
    case "metadata_changed":
      return { sign: "~", colour: "yellow" };
  }
}

function labelsOf({ change_type, facets, cause = "source", logic, phase }: Headed): string {
  const what = change_type === "created" || change_type === "deleted" ? change_type : facets.join(", ");
  const notes = [logic === true ? "logic" : "", cause === "source" ? "" : cause, phase === undefined ? "" : `${phase} only`].filter(
    (note) => note !== "",
  );
  return notes.length === 0 ? what : `${what} (${notes.join(", ")})`;
}

/** A value as people read it, cut where it is long. */
export function valueText(value: Json): string {
  if (typeof value === "string")
    return /^[\p{L}\p{N}_.,:()-]+$/u.test(value) ? cut(value, VALUE_LENGTH) : JSON.stringify(cut(safe(value), VALUE_LENGTH));
  if (isRawNumber(value)) return value.rawJSON;
  if (Array.isArray(value) || isJsonObject(value)) return cut(safe(JSON.stringify(value)), VALUE_LENGTH);
  return JSON.stringify(value);
}
