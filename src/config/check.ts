import type { Json } from "../model/json.ts";
import type { ConfigDocument, ConfigIssue } from "./document.ts";
import { explain } from "./explain.ts";
import { configSchema } from "./schema.ts";
import type { WrittenConfig } from "./written-config.ts";

export type Checked =
  | { readonly ok: true; readonly config: WrittenConfig }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Checks a parsed configuration against the schema. */
export function checkConfig(document: ConfigDocument): Checked {
  if (document.value === null) {
    return { ok: false, issues: [{ line: 1, column: 1, message: "the configuration is empty; `tidemark init` writes one to begin with" }] };
  }
  const first = configSchema.safeParse(document.value);
  if (first.success) return { ok: true, config: first.data };
  const wrong = new Set(
    first.error.issues
      .filter((issue) => issue.code === "invalid_type" || issue.code === "invalid_value")
      .map((issue) => issue.path.join("/")),
  );
  const retyped = retype(document.value, "", (path) => wrong.has(path) && document.references.has(path));
  const second = configSchema.safeParse(retyped);
  if (second.success) return { ok: true, config: second.data };
  return { ok: false, issues: explain(second.error.issues, { ...document, value: retyped }, configSchema) };
}

// The environment gives texts only: in a place for a number or a yes/no, such a text is read as one.
function retype(value: Json, path: string, wanted: (path: string) => boolean): Json {
  if (typeof value === "string") return wanted(path) ? scalarOf(value) : value;
  if (Array.isArray(value)) return value.map((item: Json, index) => retype(item, below(path, index), wanted));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, retype(inner as Json, below(path, key), wanted)]));
}

function below(path: string, step: string | number): string {
  return path === "" ? String(step) : `${path}/${step}`;
}

function scalarOf(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
