/** An element of an XML document as lines, each indented as far as it stands inside the element. */
export type Xml = readonly string[];

/** An element with its attributes, in order, and what stands in it. */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...children: readonly Xml[]): Xml {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ");
  if (children.length === 0) return [`<${head}/>`];
  return [`<${head}>`, ...children.flat().map((line) => `  ${line}`), `</${name}>`];
}

export function xmlDocument(root: Xml): string {
  return ['<?xml version="1.0" encoding="utf-8"?>', ...root].join("\n");
}

// Tabs and line ends would be read back as blanks. Other control characters XML cannot say at all.
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(UNSAFE, (character) => ENTITIES[character] ?? "\ufffd");
}

// oxlint-disable-next-line no-control-regex -- these are the characters that it is about
const UNSAFE = /[<>&"\u0000-\u001f\ufffe\uffff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};
