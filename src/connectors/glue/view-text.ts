import type { SourceDefinition } from "./source-definition.ts";

/**
 * The text of a view. Athena and Trino hide theirs in a comment, as JSON in base64: of those, the SQL that a person wrote. Of a view for
 * several engines, the text of its first dialect. Null where there is none.
 */
export function viewText({ ViewOriginalText, ViewExpandedText, ViewDefinition }: SourceDefinition): string | null {
  const text = ViewOriginalText || ViewExpandedText || dialectText(ViewDefinition);
  return text ? (hiddenSql(text) ?? text) : null;
}

function hiddenSql(text: string): string | null {
  const encoded = /^\/\* Presto (?:Materialized )?View: ([A-Za-z0-9+/=]+) \*\/$/.exec(text.trim())?.[1];
  if (encoded === undefined) return null;
  try {
    const view = JSON.parse(Buffer.from(encoded, "base64").toString()) as { readonly originalSql?: unknown } | null;
    return typeof view?.originalSql === "string" ? view.originalSql : null;
  } catch {
    return null;
  }
}

function dialectText(definition: SourceDefinition["ViewDefinition"]): string | undefined {
  const { Representations: dialects } = (definition ?? {}) as {
    readonly Representations?: readonly { readonly ViewOriginalText?: string; readonly ViewExpandedText?: string }[];
  };
  return dialects?.[0]?.ViewOriginalText ?? dialects?.[0]?.ViewExpandedText;
}
