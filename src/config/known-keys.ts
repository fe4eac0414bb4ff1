import type { z } from "zod";
import type { Json } from "../model/json.ts";
import type { Path } from "./document.ts";

/** The keys that may stand in the mapping at `path`, in the order of the schema. */
export function knownKeys(schema: z.ZodType, path: Path, value: Json): readonly string[] {
  let here: z.ZodType | undefined = schema;
  let inner: Json | undefined = value;
  for (const step of path) {
    here = here === undefined ? undefined : child(objectAt(here, inner), step);
    inner = valueAt(inner, [step]);
  }
  return here === undefined ? [] : Object.keys(definitionOf(objectAt(here, inner)).shape ?? {});
}

/** The section that has such a key: people write keys one level too high, or under the wrong section. */
export function sectionOf(key: string, schema: z.ZodType): string | null {
  const sections = Object.entries(definitionOf(schema).shape ?? {});
  const found = sections.find(([, section]) => Object.hasOwn(definitionOf(objectAt(section, undefined)).shape ?? {}, key));
  return found?.[0] ?? null;
}

/** What is written at a path, if anything is. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: string | number]: Json })[step];
  }
  return value;
}

/** The part of zod's definitions that the walk below looks at. */
interface Definition {
  readonly type: string;
  readonly shape?: { readonly [key: string]: z.ZodType };
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

function objectAt(schema: z.ZodType, value: Json | undefined): z.ZodType {
  const definition = definitionOf(schema);
  if (definition.innerType !== undefined) return objectAt(definition.innerType, value);
  if (definition.options === undefined) return schema;
  const type = valueAt(value, ["type"]);
  return definition.options.find((option) => (child(option, "type") as z.ZodType & { value?: unknown }).value === type) ?? schema;
}

function child(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  const { shape, element, valueType } = definitionOf(schema);
  return shape?.[step] ?? element ?? valueType;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def;
}
