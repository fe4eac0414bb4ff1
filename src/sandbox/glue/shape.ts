import { invalidInput, validationError } from "./glue-error.ts";
import type { TextShape } from "./scalar-shapes.ts";
import { isPlainObject, nullViolation, violation, wrongType } from "./violation.ts";

/**
 * One part of a request, as the service's model describes it.
 *
 * `read` answers with what the model knows of a value (members that it does not know are ignored, as the protocol demands) and
 * notes every limit that the value breaks. What it answers may only be used when nothing was noted. A value of another JSON type
 * throws at once.
 */
export interface Shape<T> {
  read(value: unknown, at: string, violations: string[]): T;
}

/** A member without which the structure is refused. */
export interface RequiredShape<T> extends Shape<T> {
  readonly required: true;
}

/** What a structure is made of: each member with its shape, the required ones marked by {@link required}. */
export type Members<T> = {
  readonly [K in keyof T]-?: T extends Record<K, unknown> ? RequiredShape<T[K]> : Shape<Exclude<T[K], undefined>>;
};

/** Reads a whole request, or throws the error that refuses it. */
export function readRequest<T>(shape: Shape<T>, value: unknown): T {
  const violations: string[] = [];
  const request = shape.read(value, "", violations);
  if (violations.length > 0) throw validationError(violations);
  return request;
}

/** An object. A null member counts as absent. */
export function structure<T>(members: Members<T>): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members).map(([name, shape]) => ({
    name,
    path: memberPath(name),
    shape,
    isRequired: "required" in shape,
  }));
  return {
    read(value, at, violations) {
      if (!isPlainObject(value)) throw wrongType(at, "an object");
      const read: [string, unknown][] = [];
      for (const { name, path, shape, isRequired } of shapes) {
        const member = Object.hasOwn(value, name) ? value[name] : null;
        const place = at === "" ? path : `${at}.${path}`;
        if (member !== null) read.push([name, shape.read(member, place, violations)]);
        else if (isRequired) violations.push(nullViolation(place));
      }
      return Object.fromEntries(read) as T;
    },
  };
}

export function required<T>(shape: Shape<T>): RequiredShape<T> {
  return { read: (value, at, violations) => shape.read(value, at, violations), required: true };
}

/** An array. In paths its places count from 1. */
export function list<T>(item: Shape<T>, limits: { readonly min?: number; readonly max?: number } = {}): Shape<readonly T[]> {
  const { min = 0, max = Infinity } = limits;
  return {
    read(value, at, violations) {
      if (!Array.isArray(value)) throw wrongType(at, "an array");
      if (value.length > max) violations.push(violation(value, at, `Member must have length less than or equal to ${max}`));
      if (value.length < min) violations.push(violation(value, at, `Member must have length greater than or equal to ${min}`));
      return value.map((member: unknown, index) => {
        const place = `${at}.${index + 1}.member`;
        if (member !== null) return item.read(member, place, violations);
        violations.push(nullViolation(place));
        return member as T;
      });
    },
  };
}

/** An object of strings with free keys. Its limits are told for the whole map, not for the key that breaks them. */
export function map(key: TextShape, value: TextShape, limits: { readonly max?: number } = {}): Shape<Readonly<Record<string, string>>> {
  const { max = Infinity } = limits;
  return {
    read(whole, at, violations) {
      if (!isPlainObject(whole)) throw wrongType(at, "an object");
      const keys = Object.keys(whole);
      const values = Object.values(whole);
      if (values.some((member) => member !== null && typeof member !== "string")) throw wrongType(at, "an object of strings");
      if (keys.length > max) violations.push(violation(whole, at, `Member must have length less than or equal to ${max}`));
      if (!keys.every(key.accepts))
        violations.push(violation(whole, at, `Map keys must satisfy constraint: [${key.constraints.join(", ")}]`));
      if (values.includes(null)) violations.push(violation(whole, at, "Map value must satisfy constraint: [Member must not be null]"));
      else if (!(values as string[]).every(value.accepts))
        violations.push(violation(whole, at, `Map value must satisfy constraint: [${value.constraints.join(", ")}]`));
      return Object.fromEntries(Object.entries(whole)) as Record<string, string>;
    },
  };
}

/** A member that the service knows and this sandbox does not: refused aloud, because ignoring it would be a lie. */
export function notSimulated(): Shape<never> {
  return {
    read(_value, at) {
      throw invalidInput(`The sandbox does not simulate '${at}'.`);
    },
  };
}

// The service names members in its messages as its own code does: lower camel case, and these two shortened.
function memberPath(name: string): string {
  if (name === "TableInput") return "table";
  if (name === "DatabaseInput") return "database";
  return name.charAt(0).toLowerCase() + name.slice(1);
}
