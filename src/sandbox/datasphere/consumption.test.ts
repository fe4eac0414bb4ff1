import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../test/helpers/sandbox-datasphere.ts";
import { describeShared } from "../../../test/helpers/shared.ts";
import { sharedDefinitions } from "../../../test/helpers/shared-csn.ts";
import type { JsonObject } from "../../model/json.ts";
import { edmxDocument } from "./edmx/edmx-document.ts";

const XML = { accept: "application/xml" };
const RELATIONAL = "/api/v1/datasphere/consumption/relational/SALES";
const ANALYTICAL = "/api/v1/datasphere/consumption/analytical/SALES";

const column = (type: JsonObject, more: JsonObject = {}): JsonObject => ({ ...type, ...more });
const VIEW: JsonObject = {
  kind: "entity",
  "@EndUserText.label": 'Day <by> "day"',
  "@ObjectModel.modelingPattern": { "#": "ANALYTICAL_FACT" },
  "@Analytics.dimensionType": "#TIME",
  "@DataWarehouse.consumption.external": true,
  "@Hierarchy.leveled": [{ name: "YD", label: "Year, Day", levels: [{ element: { "=": "YEAR" } }, { element: { "=": "DATE_SQL" } }] }],
  elements: {
    DATE_SQL: column({ type: "cds.Date" }, { key: true, notNull: true, "@EndUserText.label": "Date", "@Semantics.date": true }),
    YEAR: column({ type: "cds.String", length: 4 }, { "@Analytics.dimension": true, "@Semantics.calendar.year": true }),
    "Alpha-2 code": column({ type: "cds.String", length: 2 }),
    DAYS: column({ type: "cds.Decimal", precision: 3, scale: 0 }, { "@AnalyticsDetails.measureType": { "#": "BASE" } }),
    WHERE: column({ type: "cds.hana.ST_POINT", srid: 4326 }),
    SHAPE: column({ type: "cds.UUID" }),
    AT: column({ type: "cds.Timestamp" }),
    _Link: { type: "cds.Association", target: "Other", on: [{ ref: ["YEAR"] }, "=", { ref: ["_Link", "ID"] }] },
  },
  query: { SELECT: { from: { ref: ["Days"] } } },
};

test("the relational document has keys, mangled names with the real ones beside, and the annotations of real payloads", async () => {
  const { sandbox, get } = await aDatasphereSandbox();
  sandbox.edit({ edit: "add", space: "SALES", name: "SAP.TIME.DAY", definition: VIEW });
  const answer = await get(`${RELATIONAL}/SAP.TIME.DAY/$metadata`, XML);
  const text = await answer.text();

  expect(answer.headers.get("content-type")).toContain("application/xml");
  expect(linesBetween(text, "<EntityContainer", "</EntityType>")).toEqual([
    '<EntityContainer Name="EntityContainer">',
    '<EntitySet Name="SAP_TIME_DAY" EntityType="StandaloneService.SAP_TIME_DAY"/>',
    "</EntityContainer>",
    '<EntityType Name="SAP_TIME_DAY">',
    "<Key>",
    '<PropertyRef Name="DATE_SQL"/>',
    "</Key>",
    '<Property Name="DATE_SQL" Type="Edm.Date" Nullable="false"/>',
    '<Property Name="YEAR" Type="Edm.String" MaxLength="4"/>',
    '<Property Name="Alpha_2_code" Type="Edm.String" MaxLength="2"/>',
    '<Property Name="DAYS" Type="Edm.Decimal" Precision="3" Scale="0"/>',
    '<Property Name="WHERE" Type="Edm.String"/>',
    '<Property Name="SHAPE" Type="Edm.String"/>',
    '<Property Name="AT" Type="Edm.DateTimeOffset" Precision="7"/>',
    "</EntityType>",
  ]);
  expect(linesBetween(text, '<Annotations Target="StandaloneService.SAP_TIME_DAY">', "</Annotations>").slice(-5, -1)).toEqual([
    "</Annotation>",
    '<Annotation Term="Analytics.dimensionType" String="#TIME"/>',
    '<Annotation Term="Common.Label" String="Day &lt;by&gt; &quot;day&quot;"/>',
    '<Annotation Term="DataIntegration.OriginalName" String="SAP.TIME.DAY"/>',
  ]);
  expect(linesBetween(text, '<Annotations Target="StandaloneService.SAP_TIME_DAY/DATE_SQL">', "</Annotations>").slice(1, -1)).toEqual([
    '<Annotation Term="Common.Label" String="Date"/>',
    '<Annotation Term="Common.FieldControl" EnumMember="Common.FieldControlType/Mandatory"/>',
    '<Annotation Term="Common.IsCalendarDate" Bool="true"/>',
  ]);
  expect(text).toContain('<PropertyValue Property="element" Path="YEAR"/>');
  expect(text).toContain('<Annotation Term="DataIntegration.OriginalName" String="Alpha-2 code"/>');
  expect(text).toContain('<edmx:Include Alias="Hierarchy" Namespace="com.sap.vocabularies.Hierarchy.v1"/>');
  expect(unbalanced(text)).toEqual([]);
});

test("the analytical document of the same asset has roles, another order, and neither keys nor a scale of 0", async () => {
  const { sandbox, get } = await aDatasphereSandbox();
  sandbox.edit({ edit: "add", space: "SALES", name: "SAP.TIME.DAY", definition: VIEW });
  const text = await (await get(`${ANALYTICAL}/SAP.TIME.DAY/$metadata`, XML)).text();
  const properties = [...text.matchAll(/<Property Name="(\w+)"/g)].map(([, name]) => name);

  expect(properties.toSorted()).toEqual(["AT", "Alpha_2_code", "DATE_SQL", "DAYS", "SHAPE", "WHERE", "YEAR"]);
  expect(properties).not.toEqual(["DATE_SQL", "YEAR", "Alpha_2_code", "DAYS", "WHERE", "SHAPE", "AT"]);
  expect(text).not.toMatch(/<Key>|Nullable|Scale=/);
  expect(text).toContain('Namespace="InaApplicationService"');
  expect(linesBetween(text, '<Annotations Target="InaApplicationService.SAP_TIME_DAY/DAYS">', "</Annotations>").slice(1, -1)).toEqual([
    '<Annotation Term="Analytics.measure" Bool="true"/>',
  ]);
  expect(text).toContain('<Annotation Term="Analytics.Dimension" Bool="true"/>');
  expect(text).toContain('<PropertyValue Property="Countable" Bool="false"/>');
  expect(unbalanced(text)).toEqual([]);
});

describeShared("the time dimension that SAP delivers", () => {
  // Recorded from a tenant: datahub-project/datahub, metadata-ingestion/tests/integration/sap_datasphere/fixtures/recorded/edmx.
  const RECORDED = { length: 8665, sha256: "f0e3d07f837c26b6a743883ffcb004ccb821f9a42e5a04e5eb8a8684c2aa77a4" };

  test("has, byte for byte, the document that a real tenant answered", () => {
    const name = "SAP.TIME.VIEW_DIMENSION_DAY";
    const definition = sharedDefinitions().find((shared) => shared.name === name)?.definition ?? {};
    // In the tenant that was recorded this column is narrower than in the one that was exported.
    const elements = {
      ...(definition["elements"] as JsonObject),
      DAY_INT: { "@EndUserText.label": "Day (Number)", type: "cds.hana.TINYINT" },
    };
    const text = edmxDocument(name, { ...definition, elements }, "relational");

    expect({ length: text.length, sha256: createHash("sha256").update(text).digest("hex") }).toEqual(RECORDED);
  });
});

test("an analytic model has no types in its definition, and those of its sources in its document", async () => {
  const { json, get } = await aDatasphereSandbox({ assets: 112, analyticModels: 12, spaces: ["SALES"] });
  const rows = await json<{ technicalName: string }[]>("/dwaas-core/api/v1/spaces/SALES/analyticmodels?top=200");
  const accept = "application/vnd.sap.datasphere.object.content+json";
  let dimensions = 0;
  for (const { technicalName: name } of rows) {
    const read = await json<{
      definitions: Record<string, { elements: Record<string, JsonObject> }>;
      businessLayerDefinitions: JsonObject;
    }>(`/dwaas-core/api/v1/spaces/SALES/analyticmodels/${name}`, { accept });
    const elements = Object.values(read.definitions[name]?.elements ?? {});
    const text = await (await get(`${ANALYTICAL}/${name}/$metadata`, XML)).text();

    expect(elements.filter(({ type }) => type !== undefined && type !== "cds.Association")).toEqual([]);
    expect(Object.keys(read.businessLayerDefinitions)).toEqual([name]);
    expect([...text.matchAll(/<Property Name="\w+" Type="Edm.(\w+)"(?! MaxLength)/g)].map(([, type]) => type)).toEqual(
      expect.arrayContaining([expect.stringMatching(/Date|Double|Decimal|Int/)]),
    );
    dimensions += elements.filter((element) => element["@Analytics.navigationAttributeRef"] !== undefined).length;
    expect((await get(`${RELATIONAL}/${name}/$metadata`, XML)).status).toBe(404);
  }
  expect(rows.length).toBe(12);
  expect(dimensions).toBeGreaterThan(2);
});

test("metadata is XML or nothing, of exposed assets alone", async () => {
  const { sandbox, get } = await aDatasphereSandbox();
  sandbox.edit({ edit: "add", space: "SALES", name: "DAY", definition: VIEW });

  expect((await get(`${RELATIONAL}/DAY/$metadata`, { accept: "application/json" })).status).toBe(406);
  expect((await get(`${RELATIONAL}/DAY/$metadata`, { accept: "*/*" })).status).toBe(200);
  sandbox.edit({ edit: "unexpose", space: "SALES", name: "DAY" });
  expect((await get(`${RELATIONAL}/DAY/$metadata`, XML)).status).toBe(404);
  sandbox.edit({ edit: "forbid", space: "SALES" });
  expect((await get(`${RELATIONAL}/DAY/$metadata`, XML)).status).toBe(403);
});

test("the service document bears a tag that moves with the metadata, and not with what that leaves out", async () => {
  const { sandbox, json } = await aDatasphereSandbox();
  sandbox.edit({ edit: "add", space: "SALES", name: "DAY", definition: VIEW });
  const tag = async (): Promise<unknown> => (await json<Record<string, unknown>>(`${RELATIONAL}/DAY`))["@odata.metadataEtag"];
  const first = await tag();
  sandbox.edit({ edit: "change", space: "SALES", name: "DAY", edits: ["query changed"] });
  const afterQuery = await tag();
  sandbox.edit({ edit: "change", space: "SALES", name: "DAY", edits: ["column label changed"] });

  expect(first).toMatch(/^W\/"[\w+/=]{44}"$/);
  expect(afterQuery).toBe(first);
  expect(await tag()).not.toBe(first);
  sandbox.settings({ metadata_etags: false });
  expect(await tag()).toBeUndefined();
});

function linesBetween(text: string, first: string, last: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith(first));
  return lines.slice(start, lines.findIndex((line, at) => at > start && line === last) + 1);
}

/** The elements that are opened and not closed, or closed out of turn. */
function unbalanced(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, closing, name = "", empty] of xml.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === "/" && open.at(-1) === name) open.pop();
    else if (empty !== "/") open.push(name);
  }
  return open;
}
