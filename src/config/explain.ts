import type { z } from "zod";
import type { Json } from "../model/json.ts";
import type { ConfigDocument, ConfigIssue, Path } from "./document.ts";
import { knownKeys, sectionOf, valueAt } from "./known-keys.ts";
import { didYouMean } from "./suggest.ts";

/** Turns what the schema found into sentences at the places to look at, in the order of the file. */
export function explain(issues: readonly z.core.$ZodIssue[], document: ConfigDocument, schema: z.ZodType): readonly ConfigIssue[] {
  return issues.flatMap((issue) => explainOne(issue, document, schema)).toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** A path as people write it: `pipelines[0].target.region`. */
export function spell(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`)).join("");
}

function explainOne(issue: z.core.$ZodIssue, document: ConfigDocument, schema: z.ZodType): readonly ConfigIssue[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path, document.value);
    const elsewhere = (key: string): string => {
      const section = sectionOf(key, schema);
      return section === null || section === path.at(-1) ? "" : `; it belongs under ${section}`;
    };
    return issue.keys.map((key) => ({
      ...document.positionOfKey(path, key),
      message: `${spell([...path, key])} is not a known key${didYouMean(key, known) || elsewhere(key) || `; known are ${known.join(", ")}`}`,
    }));
  }
  const name = path.length === 0 ? "the configuration" : spell(path);
  const value = valueAt(document.value, path);
  // What the environment gave may be a secret: the reference is shown in its place.
  const shown = document.references.get(path.join("/")) ?? (value === undefined ? "" : kindOf(value));
  const text = value === undefined ? "is missing" : sentence(issue, value, shown);
  return [{ ...document.positionOf(path), message: `${name}: ${text}` }];
}

function sentence(issue: z.core.$ZodIssue, value: Json, shown: string): string {
  switch (issue.code) {
    case "invalid_type": {
      const quotes = issue.expected === "string" && (typeof value === "number" || typeof value === "boolean") ? "; put it in quotes" : "";
      return `must be ${kindNames[issue.expected] ?? issue.expected}, but is ${shown}${quotes}`;
    }
    case "invalid_value":
      return oneOf(value, shown, issue.values.map(String));
    case "invalid_union":
      return oneOf(value, shown, (issue as { readonly options?: readonly unknown[] }).options?.map(String) ?? []);
    case "too_small":
      return issue.origin === "string"
        ? "must not be empty"
        : issue.origin === "array"
          ? issue.message
          : `must be at least ${issue.minimum}, but is ${shown}`;
    case "too_big":
      return `must be at most ${issue.maximum}, but is ${shown}`;
    case "invalid_format":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return issue.message;
  }
}

function oneOf(value: Json, shown: string, allowed: readonly string[]): string {
  const suggestion = typeof value === "string" ? didYouMean(value, allowed) : "";
  return `must be one of ${allowed.map((word) => JSON.stringify(word)).join(", ")}, but is ${shown}${suggestion}`;
}

const kindNames: { readonly [expected: string]: string } = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys",
  record: "a mapping of keys",
};

function kindOf(value: Json): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return value === null ? "nothing" : "a mapping of keys";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
