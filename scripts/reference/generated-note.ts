/** The first line of a generated page. */
export function generatedNote(source: string): string {
  return `<!-- Made of ${source} by scripts/generate-reference.ts: edit those, then run it. -->`;
}
