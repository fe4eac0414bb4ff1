import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar } from "yaml";

export type Environment = { readonly [name: string]: string | undefined };

/** What the environment gave to a configuration. */
export interface Replaced {
  /** Paths (joined by "/") of the scalars that held references, with their text as written. */
  readonly references: ReadonlyMap<string, string>;
  /** References that could not be followed. */
  readonly broken: readonly { readonly offset: number; readonly message: string }[];
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the scalar values of a parsed document; `$${` stands for a literal `${`.
 *
 * This happens after parsing, so that no value from the environment, whatever it holds, can change the document's structure.
 */
export function replaceReferences(document: Document, env: Environment): Replaced {
  const references = new Map<string, string>();
  const broken: { offset: number; message: string }[] = [];
  const replaced = new Map<Scalar, string>();

  const walk = (node: unknown, path: readonly string[]): void => {
    if (isAlias(node)) walk(node.resolve(document), path);
    else if (isMap(node)) for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : ""]);
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) walk(item, [...path, String(index)]);
    else if (isScalar(node)) replace(node, path.join("/"));
  };
  // An anchored scalar is met again through each of its aliases, and must not be replaced twice.
  const replace = (node: Scalar, path: string): void => {
    const written = replaced.get(node) ?? node.value;
    if (typeof written !== "string" || !written.includes("${")) return;
    references.set(path, written);
    if (replaced.has(node)) return;
    replaced.set(node, written);
    const { text, problems } = replaceIn(written, env);
    for (const message of problems) broken.push({ offset: node.range?.[0] ?? 0, message });
    node.value = text;
  };
  walk(document.contents, []);
  return { references, broken };
}

/** The variables that give a text something: not those that are not set and leave their default. */
export function variablesIn(written: string, env: Environment): readonly string[] {
  const names = [...written.matchAll(/\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)/g)].flatMap(([, name]) => name ?? []);
  return names.filter((name) => (env[name] ?? "") !== "");
}

/** A text with its references replaced, and a sentence for each that cannot be. As in a shell, an empty variable takes the default. */
export function replaceIn(written: string, env: Environment): { readonly text: string; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const text = written.replace(
    /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g,
    (whole: string, name?: string, fallback?: string) => {
      if (whole === "$${") return "${";
      if (name === undefined) {
        problems.push("${ begins a reference such as ${NAME} or ${NAME:-default}; write $${ for the two characters themselves");
        return whole;
      }
      const value = env[name];
      if (fallback !== undefined) return value === undefined || value === "" ? fallback : value;
      if (value === undefined) problems.push(`the environment has no variable ${name}; set it, or write \${${name}:-default}`);
      return value ?? whole;
    },
  );
  return { text, problems };
}
