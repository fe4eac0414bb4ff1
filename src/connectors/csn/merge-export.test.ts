import { expect, test } from "vitest";
import type { Asset } from "../../model/asset.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { keysInOrder, objectInOrder } from "../../model/key-order.ts";
import { mergePolicies } from "../../model/merge-policy.ts";
import { aColumn, anAsset } from "../../testing/builders.ts";
import { exportDocument as exported, fingerprintOf, onlyDefinition } from "./export-document.ts";
import { exportDrift } from "./export-drift.ts";
import { type MergeRequest, mergeExport } from "./merge-export.ts";

const mark = { lineage: "one", pipeline: "sales" };
const LABEL = "@EndUserText.label";
const exportDocument = (asset: Asset): { readonly document: JsonObject; readonly fingerprint: string } => {
  const made = exported(asset, mark);
  if (!made.ok) throw new Error(made.problem.message);
  return made;
};
const policyFor = mergePolicies([]);

const orders = (change: Partial<Parameters<typeof anAsset>[0]> = {}): Asset =>
  anAsset({
    business_name: "Orders",
    columns: [aColumn("ID", "cds.Integer", { key: true }), aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2 }), aColumn("2024")],
    custom_properties: { query: { SELECT: { from: { ref: ["A"] } } }, columns: { ID: { label: "Number" } } },
    ...change,
  });

/** The file of an asset after people edited its definition. */
function edited(asset: Asset, edit: (definition: JsonObject) => JsonObject): JsonObject {
  const { document } = exportDocument(asset);
  const { name, definition } = onlyDefinition(document) as { readonly name: string; readonly definition: JsonObject };
  return { ...document, definitions: { [name]: edit(definition) } };
}

function merge(
  asset: Asset,
  theirs: JsonObject,
  more: Partial<MergeRequest> = {},
): ReturnType<typeof mergeExport> & { readonly definition: JsonObject } {
  const { fingerprint } = exportDocument(asset);
  const result = mergeExport({ asset, mark, fingerprint, theirs, restores: false, policyFor, ...more });
  return { ...result, definition: onlyDefinition(result.document)?.definition ?? {} };
}

function withElement(definition: JsonObject, name: string, element: Json): JsonObject {
  const elements = definition["elements"] as JsonObject;
  const names = Object.hasOwn(elements, name) ? keysInOrder(elements) : [...keysInOrder(elements), name];
  return { ...definition, elements: objectInOrder(names.map((key) => [key, key === name ? element : (elements[key] as Json)])) };
}

test("what people added stays: keys of the definition, of a column, a column, and keys of the file", () => {
  const theirs = {
    ...edited(orders(), (definition) =>
      withElement({ ...definition, "@mine": true }, "ID", { type: "cds.Integer", key: true, [LABEL]: "Number", "@pii": false }),
    ),
    editorSettings: { a: 1 },
  };
  const added = {
    ...theirs,
    definitions: {
      Orders: withElement(((theirs as JsonObject)["definitions"] as JsonObject)["Orders"] as JsonObject, "THEIRS", { type: "cds.Date" }),
    },
  };
  const { document, definition } = merge(orders({ business_name: "Sales orders" }), added);
  expect(document["editorSettings"]).toEqual({ a: 1 });
  expect(definition).toMatchObject({
    [LABEL]: "Sales orders",
    "@mine": true,
    elements: { ID: { "@pii": false }, THEIRS: { type: "cds.Date" } },
  });
  expect(fingerprintOf(document)).toBe(exportDocument(orders({ business_name: "Sales orders" })).fingerprint);
});

test("columns come in the source's order, also those whose names look like numbers; what it dropped goes, what people deleted stays away", () => {
  const theirs = edited(orders(), ({ elements, ...definition }) => {
    const { NETWR: _deleted, ...rest } = elements as JsonObject;
    return { ...definition, elements: rest };
  });
  const columns = [aColumn("2024"), aColumn("NEW"), aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2 })];
  const { definition } = merge(orders({ columns }), theirs);
  expect(keysInOrder(definition["elements"] as JsonObject)).toEqual(["2024", "NEW"]);
  const changed = [aColumn("NETWR", "cds.Double")];
  expect(merge(orders({ columns: changed }), theirs).definition["elements"]).toEqual({ NETWR: { type: "cds.Double" } });
  expect(Object.keys(merge(orders(), theirs, { restores: true }).definition["elements"] as JsonObject)).toContain("NETWR");
});

test("a column that people added outlives the last of ours", () => {
  const theirs = edited(orders(), (definition) => withElement(definition, "THEIRS", { type: "cds.Date" }));
  expect(merge(orders({ columns: [] }), theirs).definition["elements"]).toEqual({ THEIRS: { type: "cds.Date" } });
});

test("where both changed the structure the source wins; where only people did, theirs stays until it is brought back", () => {
  const theirs = edited(orders(), (definition) => ({
    ...withElement(definition, "NETWR", { type: "cds.String", length: 5 }),
    query: { SELECT: {} },
  }));
  expect(merge(orders({ business_name: "x" }), theirs).definition).toMatchObject({
    query: { SELECT: {} },
    elements: { NETWR: { type: "cds.String", length: 5 } },
  });
  const source = orders({ columns: [aColumn("NETWR", "cds.Date")], custom_properties: { query: { SET: {} } } });
  expect(merge(source, theirs).definition).toMatchObject({ query: { SET: {} }, elements: { NETWR: { type: "cds.Date" } } });
  expect(merge(orders(), theirs, { restores: true }).document).toEqual(exportDocument(orders()).document);
});

test("a text that both changed keeps what was typed, unless its policy says the source's", () => {
  const theirs = edited(orders(), (definition) => ({ ...definition, [LABEL]: "typed" }));
  const changed = orders({ business_name: "Sales orders" });
  const kept = merge(changed, theirs);
  expect([kept.definition[LABEL], kept.kept]).toMatchObject(["typed", [{ code: "text_kept", asset_id: "SALES.Orders" }]]);
  const sourceWins = mergePolicies([{ policy: "source_wins" }]);
  expect(merge(changed, theirs, { policyFor: sourceWins }).definition[LABEL]).toBe("Sales orders");
});

test("drift names the fields that were edited; texts and additions are people's, a mark that was changed is ours", () => {
  const { document } = exportDocument(orders());
  const theirs = edited(orders(), (definition) => ({
    ...withElement(definition, "NETWR", { type: "cds.Date" }),
    [LABEL]: "typed",
    "@mine": 1,
  }));
  const drift = exportDrift(document, { ...theirs, editorSettings: {} }, policyFor);
  expect(drift.map(({ path, kept }) => [path, kept === true])).toEqual([
    ["/content/business_name", true],
    ["/metadata/custom_properties/annotations", true],
    ["/schema/columns/NETWR/type", false],
    ["/target/editorSettings", true],
  ]);
  const meta = { ...(document["meta"] as JsonObject), tidemark: {} };
  expect(
    exportDrift(document, { ...document, meta }, policyFor).every(
      ({ path, kept }) => path.startsWith("/target/mark") && kept === undefined,
    ),
  ).toBe(true);
  expect(exportDrift(document, { ...document, definitions: { Orders: { kind: "type" } } }, policyFor)).toMatchObject([
    { path: "/target/definitions" },
  ]);
  expect(exportDrift(document, document, policyFor)).toEqual([]);
});

test("an asset that no CSN can tell is withheld, with its reason", () => {
  const odd = orders({ constraints: [{ type: "association", name: "a", target: '"', columns: [] }] });
  expect(exported(odd, mark)).toMatchObject({ ok: false, problem: { asset_id: "SALES.Orders", code: "value_unrepresentable" } });
});

test("a file is a CSN export like Datasphere's, with the mark in meta and nowhere else", () => {
  const { document } = exportDocument(orders({ tags: ["a"], owner: "Ann" }));
  const { meta, ...model } = document;
  expect(Object.keys(model)).toEqual(["definitions", "version", "$version"]);
  expect(model).toMatchObject({ version: { csn: "1.0" }, $version: "1.0" });
  expect(JSON.stringify(model)).not.toContain("idemark");
  expect(Object.keys(meta as JsonObject)).toEqual(["creator", "tidemark"]);
  const model2 = exportDocument(
    anAsset({ asset_type: "analytic_model", custom_properties: { business_layer: { measures: {} } } }),
  ).document;
  expect(model2["businessLayerDefinitions"]).toEqual({ Orders: { measures: {} } });
});
