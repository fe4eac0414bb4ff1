import { expect, test } from "vitest";
import { parseXml, XML_LIMITS } from "./xml.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): ReturnType<typeof parseXml> => parseXml(bytes(text));

test("a document becomes its elements, with namespaces, attributes in their order, and text without the blanks around it", () => {
  expect(parse('<?xml version="1.0" encoding="utf-8"?>\n<e:A xmlns:e="urn:e" z="1" a="&lt;&#10;"> x <![CDATA[<y>]]><B/></e:A>\n')).toEqual({
    name: "A",
    namespace: "urn:e",
    attributes: [
      ["z", "1"],
      ["a", "<\n"],
    ],
    children: [{ name: "B", namespace: "", attributes: [], children: [], text: "" }],
    text: "x <y>",
  });
});

test("an attribute may be called __proto__", () => {
  expect(parse('<A __proto__="1" constructor="2"/>').attributes).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
});

test.each([
  ["nothing", ""],
  ["a document cut within an element", "<A><B/><C"],
  ["a document cut between two elements", "<A><B/>"],
  ["a document with something behind its end", "<A/><B/>"],
  ["an attribute twice", '<A b="1" b="2"/>'],
  ["one attribute by two prefixes", '<A xmlns:x="urn:a" xmlns:y="urn:a" x:b="1" y:b="2"/>'],
  ["elements that overlap", "<A><B></A></B>"],
  ["an entity that is not XML's own", "<A>&nbsp;</A>"],
  ["an ampersand by itself", '<A b="R&D"/>'],
  ["a prefix that stands for nothing", "<x:A/>"],
  ["a control character", "<A>\u0001</A>"],
  ["JSON", '{"error": "busy"}'],
])("%s is refused", (_what, text) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: "asset_unreadable", message: expect.stringMatching(/^it is no well-formed XML/) }),
  );
});

test.each([
  ["a document type", "<!DOCTYPE A><A/>", /document type/],
  ["entities that expand", '<!DOCTYPE A [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><A>&b;</A>', /document type/],
  ["an entity that is a file", '<!DOCTYPE A [<!ENTITY f SYSTEM "file:///etc/hostname">]><A>&f;</A>', /document type/],
  ["another encoding", '<?xml version="1.0" encoding="iso-8859-1"?><A/>', /says that it is iso-8859-1/],
])("%s is refused, whatever stands in it", (_what, text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "asset_unreadable", message: expect.stringMatching(message) }));
});

test("bytes that are not UTF-8 are refused, and a byte order mark is not", () => {
  expect(() => parseXml(Uint8Array.of(0x3c, 0x41, 0xff, 0x2f, 0x3e))).toThrow(/not UTF-8/);
  expect(parse("\ufeff<A/>").name).toBe("A");
});

test("as many elements inside one another as allowed are read, one more is refused, and 200,000 are refused at once", () => {
  const nested = (levels: number): string => "<A>".repeat(levels) + "</A>".repeat(levels);
  expect(parse(nested(XML_LIMITS.depth)).name).toBe("A");
  expect(() => parse(nested(XML_LIMITS.depth + 1))).toThrow(expect.objectContaining({ code: "asset_too_deep" }));
  expect(() => parse("<A>".repeat(200_000))).toThrow(expect.objectContaining({ code: "asset_too_deep" }));
});

test("more elements than any document has are refused before they fill the memory", () => {
  expect(() => parse(`<A>${"<B/>".repeat(XML_LIMITS.elements)}</A>`)).toThrow(/more than 500000 elements/);
});
