import { GlueError } from "./glue-error.ts";

/** One broken limit in the service's own words. */
export function violation(value: unknown, at: string, constraint: string): string {
  return `Value '${shown(value)}' at '${at}' failed to satisfy constraint: ${constraint}`;
}

/** A member that is missing, or null where null cannot stand for absence. */
export function nullViolation(at: string): string {
  return `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
}

/** A value of another JSON type than the model's. The request is not understood at all, so no limit is looked at. */
export function wrongType(at: string, expected: string): GlueError {
  return new GlueError(
    "SerializationException",
    at === "" ? "The request must be a JSON object." : `The value at '${at}' must be ${expected}.`,
  );
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// As Java prints strings and collections. Cut, because a value may be half a megabyte.
function shown(value: unknown): string {
  const printed = print(value);
  return printed.length > 1000 ? `${printed.slice(0, 1000)}...` : printed;
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (!isPlainObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, member]) => `${key}=${shown(member)}`);
  return `{${entries.join(", ")}}`;
}
