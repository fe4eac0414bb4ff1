/**
 * Throws where a text is no type in the grammar of Hive and Athena as Tidemark may write it: lower case, no blanks, every size given and
 * within the bounds of Athena's DDL. A reading of that grammar of its own, apart from the one in `src/`.
 */
export function assertHiveType(text: string): void {
  const rest = afterType(text);
  if (rest !== "") throw new Error(`${text} has ${rest} behind its end`);
}

function afterType(text: string): string {
  const [found, decimal, varchar, char] =
    /^(?:tinyint|smallint|int|bigint|boolean|float|double|string|binary|date|timestamp|decimal\((\d+,\d+)\)|varchar\((\d+)\)|char\((\d+)\))(?![a-z(])/.exec(
      text,
    ) ?? [];
  if (found !== undefined) {
    const [precision = 1, scale = 0] = (decimal ?? "1,0").split(",").map(Number);
    const fits = precision >= 1 && precision <= 38 && scale <= precision && within(varchar, 65_535) && within(char, 255);
    if (!fits) throw new Error(`out of bounds: ${found}`);
    return text.slice(found.length);
  }
  if (text.startsWith("array<")) return afterClosing(afterType(text.slice("array<".length)));
  if (text.startsWith("map<")) {
    const rest = afterType(text.slice("map<".length));
    if (!rest.startsWith(",")) throw new Error(`no value of a map: ${rest}`);
    return afterClosing(afterType(rest.slice(1)));
  }
  if (!text.startsWith("struct<")) throw new Error(`no type: ${text}`);
  for (let rest = text.slice("struct<".length); ; rest = rest.slice(1)) {
    const name = /^[a-z0-9_]+:/.exec(rest)?.[0];
    if (name === undefined) throw new Error(`no field: ${rest}`);
    rest = afterType(rest.slice(name.length));
    if (!rest.startsWith(",")) return afterClosing(rest);
  }
}

function afterClosing(text: string): string {
  if (!text.startsWith(">")) throw new Error(`not closed: ${text}`);
  return text.slice(1);
}

function within(size: string | undefined, most: number): boolean {
  return size === undefined || (Number(size) >= 1 && Number(size) <= most);
}
