import type { Shape } from "./shape.ts";
import { violation, wrongType } from "./violation.ts";

/** A string with its limits, which a map needs apart because it tells them in another form. */
export interface TextShape extends Shape<string> {
  readonly constraints: readonly string[];
  readonly accepts: (value: string) => boolean;
}

/** A character class of the model: `source` as its messages spell it, `test` as JavaScript does. */
export interface Pattern {
  readonly source: string;
  readonly test: RegExp;
}

export interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: Pattern;
}

/** A string. Lengths count UTF-16 units. */
export function text(limits: TextLimits = {}): TextShape {
  const constraints = textConstraints(limits);
  return {
    constraints: constraints.map((constraint) => constraint.text),
    accepts: (value) => constraints.every((constraint) => constraint.holds(value)),
    read(value, at, violations) {
      if (typeof value !== "string") throw wrongType(at, "a string");
      for (const constraint of constraints) if (!constraint.holds(value)) violations.push(violation(value, at, constraint.text));
      return value;
    },
  };
}

function textConstraints({
  min,
  max,
  pattern,
}: TextLimits): readonly { readonly text: string; readonly holds: (value: string) => boolean }[] {
  return [
    ...(max === undefined
      ? []
      : [{ text: `Member must have length less than or equal to ${max}`, holds: (value: string) => value.length <= max }]),
    ...(min === undefined
      ? []
      : [{ text: `Member must have length greater than or equal to ${min}`, holds: (value: string) => value.length >= min }]),
    ...(pattern === undefined
      ? []
      : [
          { text: `Member must satisfy regular expression pattern: ${pattern.source}`, holds: (value: string) => pattern.test.test(value) },
        ]),
  ];
}

export function oneOf<T extends string>(values: readonly T[]): Shape<T> {
  return {
    read(value, at, violations) {
      if (typeof value !== "string") throw wrongType(at, "a string");
      if (!(values as readonly string[]).includes(value))
        violations.push(violation(value, at, `Member must satisfy enum value set: [${values.join(", ")}]`));
      return value as T;
    },
  };
}

/** A 32-bit integer. */
export function integer(limits: { readonly min?: number; readonly max?: number } = {}): Shape<number> {
  const { min = -Infinity, max = Infinity } = limits;
  return {
    read(value, at, violations) {
      if (typeof value !== "number" || value !== (value | 0)) throw wrongType(at, "a 32-bit integer");
      if (value > max) violations.push(violation(value, at, `Member must have value less than or equal to ${max}`));
      if (value < min) violations.push(violation(value, at, `Member must have value greater than or equal to ${min}`));
      return value;
    },
  };
}

export function boolean(): Shape<boolean> {
  return {
    read(value, at) {
      if (typeof value !== "boolean") throw wrongType(at, "a boolean");
      return value;
    },
  };
}

/** Seconds since 1970, with or without a fraction: the only form of a time in this protocol. */
export function timestamp(): Shape<number> {
  return {
    read(value, at) {
      if (typeof value !== "number") throw wrongType(at, "a time in epoch seconds");
      return value;
    },
  };
}
