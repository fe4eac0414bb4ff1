import { SaxesParser, type SaxesTagNS } from "saxes";
import { AssetError } from "../../../model/errors.ts";

/** An element of an XML document, with all that stands in it. Plain data. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** The namespace, empty where there is none. */
  readonly namespace: string;
  /** In their order, by their names as written; without the declarations of namespaces. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlElement[];
  /** All text directly in it, blanks at both ends cut off. */
  readonly text: string;
}

/** How deep elements may stand inside one another, and how many there may be. A real document is ten deep and has some for each column. */
export const XML_LIMITS = { depth: 64, elements: 500_000 } as const;

/**
 * Reads a whole XML document, or none of it: what is cut, not well-formed, not UTF-8, or has a document type is refused before anybody
 * sees a part of it. So a damaged document never looks like one with fewer columns. Entities other than XML's own five are unknown.
 *
 * Throws `AssetError` with half a sentence about "it": `asset_too_deep` for the depth, `asset_unreadable` for all else.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const text = decoded(bytes);
  const parser = new SaxesParser({ xmlns: true });
  const open: Opened[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  parser.on("error", (error) => {
    throw unreadable(`is no well-formed XML: ${error.message.replace(/\.$/, "").slice(0, LONGEST_REASON)}`);
  });
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) throw unreadable(`says that it is ${encoding}, and must be UTF-8`);
  });
  parser.on("doctype", () => {
    throw unreadable("has a document type, which none has that a tenant means");
  });
  parser.on("opentag", (tag) => {
    if (open.length >= XML_LIMITS.depth) throw new AssetError("asset_too_deep", `it is nested deeper than ${XML_LIMITS.depth} levels`);
    if (++count > XML_LIMITS.elements) throw unreadable(`has more than ${XML_LIMITS.elements} elements`);
    open.push({ tag, children: [], text: [] });
  });
  const onText = (part: string): void => void open.at(-1)?.text.push(part);
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    const element = closed(open.pop() as Opened);
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  if (root === undefined) throw unreadable("is no well-formed XML: it has no element");
  return root;
}

const LONGEST_REASON = 200;

interface Opened {
  readonly tag: SaxesTagNS;
  readonly children: XmlElement[];
  readonly text: string[];
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable("is not UTF-8", error);
  }
}

function closed({ tag, children, text }: Opened): XmlElement {
  const attributes = Object.values(tag.attributes).filter(({ prefix, name }) => prefix !== "xmlns" && name !== "xmlns");
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes: attributes.map(({ name, value }) => [name, value] as const),
    children,
    text: text.join("").trim(),
  };
}

function unreadable(what: string, cause?: unknown): AssetError {
  return new AssetError("asset_unreadable", `it ${what}`, { cause });
}
