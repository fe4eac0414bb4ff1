import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Json, JsonObject } from "../model/json.ts";
import { type Environment, replaceReferences } from "./references.ts";

/** Where in the file something stands: both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a configuration, at the place to look at. */
export interface ConfigIssue extends Position {
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A configuration file, parsed, its references replaced, and still knowing where each value stands. */
export interface ConfigDocument {
  /** Null where nothing is written after a key counts as not written. */
  readonly value: Json;
  readonly issues: readonly ConfigIssue[];
  /** Paths (joined by "/") whose text came from a reference, with the reference as written. */
  readonly references: ReadonlyMap<string, string>;
  /** Of a value, or of the nearest thing around it that is written. */
  positionOf(path: Path): Position;
  /** Of a key in the mapping at `path`. */
  positionOfKey(path: Path, key: string): Position;
}

/** Parses YAML, of which JSON is a part. Duplicate keys and further documents are issues. */
export function parseConfig(text: string, env: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: true });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // Further errors of the syntax only follow from the first.
  const [broken] = document.errors;
  if (broken !== undefined) {
    const place = at(broken.pos[0]);
    const issues = [{ ...place, message: `${broken.message}${quotesHint(text, place)}` }];
    return { value: null, issues, references: new Map(), positionOf: () => at(0), positionOfKey: () => at(0) };
  }

  const { references, broken: unfollowed } = replaceReferences(document, env);
  return {
    value: withoutNulls(document.toJS() as Json),
    issues: unfollowed.map(({ offset, message }) => ({ ...at(offset), message })),
    references,
    positionOf: (path) => at(offsetOf(document, path)),
    positionOfKey: (path, key) => at(keyOffset(nodeAt(document, path).node, key) ?? offsetOf(document, path)),
  };
}

// Within { } and [ ], YAML takes the brace of an unquoted reference for one of its own.
function quotesHint(text: string, { line }: Position): string {
  const written = text.split("\n")[line - 1] ?? "";
  return /[[{].*\$\{/.test(written) ? '; within { } or [ ], a reference stands in quotes: "${NAME}"' : "";
}

function offsetOf(document: Document, path: Path): number {
  return nodeAt(document, path).offset;
}

// Walks as far as the path is written: what is missing is reported where it ought to stand.
function nodeAt(document: Document, path: Path): { node: unknown; offset: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const container = isAlias(node) ? node.resolve(document) : node;
    const next: unknown = isMap(container) || isSeq(container) ? container.get(step, true) : undefined;
    const start = startOf(next) ?? keyOffset(container, step);
    if (start === undefined) break;
    node = next;
    offset = start;
  }
  return { node, offset };
}

function keyOffset(node: unknown, key: string | number): number | undefined {
  if (!isMap(node)) return undefined;
  return startOf(node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const written = Object.entries(value as JsonObject).filter(([, inner]) => inner !== null);
  return Object.fromEntries(written.map(([key, inner]) => [key, withoutNulls(inner)]));
}
