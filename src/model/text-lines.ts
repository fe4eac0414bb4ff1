/** The first line of a text. */
export function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

/** The last line of a text. */
export function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}
