/** A test of names against a pattern in which `*` stands for any characters and `?` for one. Compared exactly. */
export function namePattern(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern.replaceAll(/\*+|[^*]/g, (part) => (part.startsWith("*") ? ".*" : part === "?" ? "." : RegExp.escape(part)));
  const expression = new RegExp(`^${source}$`, "su");
  return (text) => expression.test(text);
}
