/** The first line of a text, as a string that does not keep the whole text. */
export function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : ownCopy(text.slice(0, end));
}

/** The last line of a text, as a string that does not keep the whole text. */
export function lastLine(text: string): string {
  const end = text.lastIndexOf("\n");
  return end < 0 ? text : ownCopy(text.slice(end + 1));
}

// A slice points into the text that it was cut from.
function ownCopy(slice: string): string {
  return Buffer.from(slice).toString();
}
