import { describe, expect, test } from "vitest";
import { AssetError } from "../model/errors.ts";
import { findDefinition, findDefinitions, holdsFlowsAlone } from "./find-definitions.ts";

const thrown = (act: () => unknown): AssetError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AssetError) return error;
  }
  throw new Error("nothing of an asset was refused");
};

describe("an export", () => {
  const find = (text: string) => {
    const bytes = Buffer.from(text);
    return findDefinitions(bytes).map(({ name, at, length, layer }) => ({
      name,
      text: bytes.toString("utf8", at, at + length),
      ...(layer === undefined ? {} : { layer: bytes.toString("utf8", layer.at, layer.at + layer.length) }),
    }));
  };

  test.each(["dataflows", "replicationflows", "transformationflows", "taskchains"])("an export of %s alone has no asset", (key) => {
    const alone = Buffer.from(JSON.stringify({ [key]: { F: {} }, version: { csn: "1.0" } }));
    expect([findDefinitions(alone), holdsFlowsAlone(alone)]).toEqual([[], true]);
    const both = Buffer.from(JSON.stringify({ [key]: { F: {} }, definitions: { A: { kind: "entity" } } }));
    expect([findDefinitions(both).length, holdsFlowsAlone(both)]).toEqual([1, false]);
    expect(holdsFlowsAlone(Buffer.from("{}"))).toBe(false);
    expect(() => findDefinitions(Buffer.from(JSON.stringify({ [key]: { F: {} }, definitions: 1 })))).toThrow(/no object "definitions"/);
    expect(() => findDefinitions(Buffer.from(`{"${key}": {"F": }}`))).toThrow(/line 1/);
  });

  test("is searched for its assets, with the bytes of each", () => {
    const text = `{
      "ü": "ä", "definitions": {
        "Käufer": {"kind": "entity", "@EndUserText.label": "ö"},
        "SAP": {"kind": "context"},
        "Stub": {"@cds.persistence.exists": true, "kind": "entity"},
        "B": {"kind": "entity", "@cds.persistence.exists": false}
      }, "version": {"csn": "1.0"}
    } \n`;
    expect(find(text)).toEqual([
      { name: "Käufer", text: '{"kind": "entity", "@EndUserText.label": "ö"}' },
      { name: "B", text: '{"kind": "entity", "@cds.persistence.exists": false}' },
    ]);
  });

  test("may hold none", () => {
    expect(find('{"definitions": {}}')).toEqual([]);
  });

  test("has business layers beside its definitions", () => {
    expect(
      find('{"businessLayerDefinitions": {"A": {"x": 1}, "C": {}}, "definitions": {"A": {"kind": "entity"}, "B": {"kind": "entity"}}}'),
    ).toEqual([
      { name: "A", text: '{"kind": "entity"}', layer: '{"x": 1}' },
      { name: "B", text: '{"kind": "entity"}' },
    ]);
  });

  test("may have a name twice, which is found twice, and a section twice, of which the last counts", () => {
    expect(
      find('{"definitions": {}, "definitions": {"A": {"kind": "entity"}, "A": {"kind": "entity", "x": 1}}}').map(({ text }) => text),
    ).toEqual(['{"kind": "entity"}', '{"kind": "entity", "x": 1}']);
  });

  test("may escape its keys", () => {
    expect(
      find(
        '{"d\\u0065finitions": {"\\u0041": {"k\\u0069nd": "ent\\u0069ty"}, "B": {"kind": "entity", "\\u0040cds.persistence.exists": true}}}',
      ).map(({ name }) => name),
    ).toEqual(["A"]);
  });

  test("names what is no object, so that it is refused by name", () => {
    expect(find('{"definitions": {"A": null, "B": [], "C": {"kind": {"kind": "entity"}}, "D": {}}}').map(({ name }) => name)).toEqual([
      "A",
      "B",
    ]);
  });

  test("is not doubted for one definition that is too deep, which is found", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(
      find(
        `{"definitions": {"A": {"x": ${deep}, "kind": "entity"}, "B": {"kind": "entity"}, "C": {"x": ${deep}}}, "editorSettings": ${deep}}`,
      ).map(({ name }) => name),
    ).toEqual(["A", "B"]);
  });

  test.each([
    ["", 'line 1, column 1 of the JSON should have the "{" of a CSN document and has the end'],
    ["[]", 'line 1, column 1 of the JSON should have the "{" of a CSN document and has "["'],
    ["{}", 'it is JSON, but no CSN: it has no object "definitions"'],
    ['{"definitions": []}', 'it is JSON, but no CSN: it has no object "definitions"'],
    ['{"definitions": {}, "businessLayerDefinitions": 1}', 'it is JSON, but no CSN: it has no object "businessLayerDefinitions"'],
    ['{"definitions": {}} {}', 'line 1, column 21 of the JSON should have nothing more and has "{"'],
    ['{"definitions": {"A": {"kind": "entity"}}', 'line 1, column 42 of the JSON should have "," or "}" and has the end'],
    ['{"ä": "ä",\n "definitions": {"ä": {"ä": tru}}}', 'line 2, column 29 of the JSON should have a value and has "t"'],
    ['{"definitions": {}, "editorSettings": {"x": 01}}', 'line 1, column 46 of the JSON should have "," or "}" and has "1"'],
    ['{"definitions": {"A": {"kind": "context", "x": [1,]}}}', 'line 1, column 51 of the JSON should have a value and has "]"'],
    [
      '{"definitions": {"A": {"kind": "entity"}}, "businessLayerDefinitions": {"A": {x}}}',
      'line 1, column 79 of the JSON should have a key in quotes and has "x"',
    ],
    [
      '{"definitions": {"\\x": {}}}',
      'line 1, column 18 of the JSON should have a string without control characters and with known escapes and has "\\""',
    ],
    ['{"definitions": {"A": 1.2.3}}', 'line 1, column 26 of the JSON should have nothing more and has "."'],
  ])("%s is refused: %s", (text, message) => {
    expect(thrown(() => find(text))).toMatchObject({ code: "asset_unreadable", message });
  });

  test("is checked in a definition of the greatest depth", () => {
    const text = `{"definitions": {"A": {"x": ${"[".repeat(63)}1 2${"]".repeat(63)}}}}`;
    expect(thrown(() => find(text)).message).toContain('should have "," or "]" and has "2"');
    expect(find(text.replace("1 2", "[1 2]").replace('"x"', '"kind": "entity", "x"')).map(({ name }) => name)).toEqual(["A"]);
  });

  test("a number that no double holds is no syntax error", () => {
    expect(find('{"definitions": {"A": {"kind": "entity", "x": 1e999}}, "x": 1e999}').map(({ name }) => name)).toEqual(["A"]);
    expect(thrown(() => find('{"definitions": {}, "x": [1e999,]}'))).toMatchObject({
      message: 'line 1, column 33 of the JSON should have a value and has "]"',
    });
  });
});

describe("a line", () => {
  const find = (text: string) => {
    const { name, at, length, isAsset } = findDefinition(Buffer.from(text));
    return { name, text: Buffer.from(text).toString("utf8", at, at + length), isAsset };
  };

  test("says name and definition", () => {
    expect(find(' {"name": "Käufer", "x": "ö", "definition": {"kind": "entity"}} ')).toEqual({
      name: "Käufer",
      text: '{"kind": "entity"}',
      isAsset: true,
    });
    expect(find('{"definition": {"kind": "context"}, "name": "A"}')).toEqual({ name: "A", text: '{"kind": "context"}', isAsset: false });
    expect(find('{"name": "A", "definition": null}')).toEqual({ name: "A", text: "null", isAsset: true });
  });

  test.each([
    ["{}", 'it is JSON, but not of the form {"name": …, "definition": …}'],
    ['{"name": "A"}', 'it is JSON, but not of the form {"name": …, "definition": …}'],
    ['{"definition": {}}', 'it is JSON, but not of the form {"name": …, "definition": …}'],
    ['{"name": 1, "definition": {}}', 'it is JSON, but not of the form {"name": …, "definition": …}'],
    ['{"name": ["A"], "definition": {}}', 'it is JSON, but not of the form {"name": …, "definition": …}'],
    ['{"name": "A", "definition": {"x": nul}}', 'line 1, column 35 of the JSON should have a value and has "n"'],
    ['{"name": "A", "definition": {}, "x": [1 2]}', 'line 1, column 41 of the JSON should have "," or "]" and has "2"'],
  ])("%s is refused: %s", (text, message) => {
    expect(thrown(() => find(text))).toMatchObject({ code: "asset_unreadable", message });
  });
});
