import { expect, test } from "vitest";
import { aDocument, bytes } from "../../../../test/helpers/edmx.ts";
import { describeShared } from "../../../../test/helpers/shared.ts";
import { sharedDefinitions } from "../../../../test/helpers/shared-csn.ts";
import { NO_OVERLAY } from "../../../csn/overlay.ts";
import { isAsset } from "../../../csn/object-type.ts";
import { toAsset } from "../../../csn/to-asset.ts";
import type { Asset, Column } from "../../../model/asset.ts";
import { edmxDocument } from "../../../sandbox/datasphere/edmx/edmx-document.ts";
import { readEdmx } from "./read-edmx.ts";
import { edmxRoles, edmxToAsset, edmxTypes } from "./to-asset.ts";
import type { EdmxMode } from "./to-definition.ts";

const mapped = (document: string, name = "T", mode: EdmxMode = "relational"): Asset =>
  edmxToAsset(readEdmx(bytes(document)), { space: "S", name, asset_type: "view", mode, overlay: NO_OVERLAY });

test("columns, their types, key, labels and calendar roles stand where CSN's stand", () => {
  const asset = mapped(
    aDocument(`<EntityType Name="SAP_TIME_DAY"><Key><PropertyRef Name="DATE_SQL"/></Key>
        <Property Name="DATE_SQL" Type="Edm.Date" Nullable="false"/>
        <Property Name="Alpha_2_code" Type="Edm.String" MaxLength="2" Unicode="false"/>
        <Property Name="N" Type="Edm.Int32" Nullable="false" DefaultValue="7"/>
      </EntityType>
      <EntityContainer Name="C"><EntitySet Name="SAP_TIME_DAY" EntityType="StandaloneService.SAP_TIME_DAY"/></EntityContainer>
      <Annotations Target="StandaloneService.SAP_TIME_DAY">
        <Annotation Term="Common.Label" String="Day"/><Annotation Term="DataIntegration.OriginalName" String="SAP.TIME.DAY"/>
        <Annotation Term="Analytics.dimensionType" String="#TIME"/>
        <Annotation Term="Hierarchy.leveled"><Collection><Record>
          <PropertyValue Property="name" String="H"/>
          <PropertyValue Property="levels"><Collection><Record><PropertyValue Property="element" Path="Alpha_2_code"/></Record></Collection></PropertyValue>
        </Record></Collection></Annotation>
      </Annotations>
      <Annotations Target="StandaloneService.SAP_TIME_DAY/DATE_SQL">
        <Annotation Term="Analytics.dimension" Bool="true"/><Annotation Term="Common.FieldControl" EnumMember="Common.FieldControlType/Mandatory"/>
        <Annotation Term="Common.IsCalendarDate" Bool="true"/>
      </Annotations>
      <Annotations Target="StandaloneService.SAP_TIME_DAY/Alpha_2_code">
        <Annotation Term="DataIntegration.OriginalName" String="Alpha-2 code"/><Annotation Term="acme.v9.Secret" Int="3"/>
      </Annotations>
      <Annotations Target="StandaloneService.C/SAP_TIME_DAY"><Annotation Term="Capabilities.InsertRestrictions"/></Annotations>`),
    "SAP.TIME.DAY",
  );
  expect(asset).toEqual({
    id: "S.SAP.TIME.DAY",
    space: "S",
    asset_type: "view",
    content: { technical_name: "SAP.TIME.DAY", business_name: "Day", description: null, owner: null },
    schema: {
      columns: [
        { name: "DATE_SQL", type: "cds.Date", key: true, not_null: true },
        { name: "Alpha-2 code", type: "cds.String", length: 2 },
        { name: "N", type: "cds.Integer", not_null: true, default: { val: 7 } },
      ],
      data_types: { DATE_SQL: "cds.Date", "Alpha-2 code": "cds.String(2)", N: "cds.Integer" },
      constraints: [{ type: "primary_key", columns: ["DATE_SQL"] }],
    },
    metadata: {
      tags: [],
      dimensions: ["DATE_SQL"],
      measures: [],
      hierarchies: ["H"],
      certification_status: null,
      custom_properties: {
        exposed: true,
        columns: {
          DATE_SQL: { "@Analytics.dimension": true, "@Semantics.date": true },
          "Alpha-2 code": { "@acme.v9.Secret": 3, unknown: { Unicode: "false" } },
        },
        hierarchies: {
          H: { annotation: "@Hierarchy.leveled", ordinal: 0, definition: { name: "H", levels: [{ element: { "=": "Alpha-2 code" } }] } },
        },
        annotations: { "@Analytics.dimensionType": "#TIME" },
        definition_source: "edmx",
      },
    },
  });
});

test.each([
  ['Type="Edm.String" MaxLength="max"', "cds.String"],
  ['Type="Edm.Decimal" Precision="15" Scale="2"', "cds.Decimal(15,2)"],
  ['Type="Edm.Decimal" Precision="15" Scale="0"', "cds.Decimal(15,0)"],
  ['Type="Edm.Decimal" Precision="15"', "cds.Decimal(15,0)"],
  ['Type="Edm.Decimal" Scale="floating"', "cds.DecimalFloat"],
  ['Type="Edm.Decimal"', "cds.Decimal"],
  ['Type="Edm.DateTimeOffset" Precision="7"', "cds.Timestamp"],
  ['Type="Edm.DateTimeOffset"', "cds.DateTime"],
  ['Type="Edm.TimeOfDay"', "cds.Time"],
  ['Type="Edm.Binary" MaxLength="16"', "cds.Binary(16)"],
  ['Type="Edm.Binary"', "cds.LargeBinary"],
  ['Type="Edm.Guid"', "cds.UUID"],
  ['Type="Edm.GeometryPoint" SRID="4326"', "cds.hana.ST_POINT(4326)"],
  ['Type="Edm.Byte"', "cds.hana.TINYINT"],
  ['Type="Edm.SByte"', "Edm.SByte"],
  ['Type="Collection(Edm.Int64)"', "array of cds.Integer64"],
  ['Type="StandaloneService.Money"', "StandaloneService.Money"],
])("the type %s is %s", (attributes, type) => {
  const { schema } = mapped(aDocument(`<EntityType Name="T"><Property Name="P" ${attributes}/></EntityType>`));
  expect(schema.data_types["P"]).toBe(type);
});

test("a navigation is an association, with its pairs of columns", () => {
  const { schema } = mapped(
    aDocument(`<EntityType Name="T"><Property Name="P" Type="Edm.String"/>
      <NavigationProperty Name="_To" Type="Collection(StandaloneService.U)"><ReferentialConstraint Property="P" ReferencedProperty="ID"/></NavigationProperty>
    </EntityType><EntityType Name="U"/>`),
  );
  expect(schema.constraints).toEqual([{ type: "association", name: "_To", target: "U", columns: [{ local: "P", remote: "ID" }] }]);
});

test.each([
  ["the asset's type is that of the set", "T", "TType"],
  ["the asset's type bears its name", "TParameters", "T"],
])("an asset with parameters has them apart from its columns, where %s", (_where, outer, inner) => {
  const { schema, metadata } = mapped(
    aDocument(`<EntityType Name="${outer}"><Key><PropertyRef Name="K"/></Key>
        <Property Name="K" Type="Edm.Int32" Nullable="false"/><NavigationProperty Name="Set" Type="Collection(StandaloneService.${inner})"/>
      </EntityType><EntityType Name="${inner}"><Property Name="P" Type="Edm.String"/></EntityType>`),
  );
  expect(schema.columns.map(({ name }) => name)).toEqual(["P"]);
  expect(metadata.custom_properties["parameters"]).toEqual({ K: { type: "cds.Integer" } });
});

test("names such as __proto__ and numbers are columns like any other, in their order", () => {
  const { schema } = mapped(
    aDocument(`<EntityType Name="T"><Property Name="A" Type="Edm.String"/><Property Name="__proto__" Type="Edm.Date"/>
      <Property Name="_2019" Type="Edm.Double"><Annotation Term="DataIntegration.OriginalName" String="2019"/></Property></EntityType>`),
  );
  expect(schema.columns.map(({ name, type }) => [name, type])).toEqual([
    ["A", "cds.String"],
    ["__proto__", "cds.Date"],
    ["2019", "cds.Double"],
  ]);
});

test("a document of another asset is refused, and so are two columns with one real name", () => {
  const other = aDocument('<EntityType Name="T"><Annotation Term="DataIntegration.OriginalName" String="U.V"/></EntityType>');
  expect(() => mapped(other)).toThrow('it should describe "T" and describes "U.V"');
  const twins = aDocument(`<EntityType Name="T"><Property Name="A" Type="Edm.Date"/><Property Name="B" Type="Edm.Date">
    <Annotation Term="DataIntegration.OriginalName" String="A"/></Property></EntityType>`);
  expect(() => mapped(twins)).toThrow('it has two columns whose name is "A"');
});

test("a type that derives from another is refused, rather than mapped without the columns of that", () => {
  const derived = aDocument('<EntityType Name="B"/><EntityType Name="T" BaseType="StandaloneService.B"/>');
  expect(() => mapped(derived)).toThrow("its type derives from StandaloneService.B");
});

test("the order of an analytical document's properties is no fact, that of a relational one is", () => {
  const document = (first: string, second: string): string =>
    aDocument(`<EntityType Name="T"><Property Name="${first}" Type="Edm.Date"/><Property Name="${second}" Type="Edm.Date"/></EntityType>`);
  expect(mapped(document("A", "B"), "T", "analytical")).toEqual(mapped(document("B", "A"), "T", "analytical"));
  expect(mapped(document("A", "B"))).not.toEqual(mapped(document("B", "A")));
});

test("an analytical document tells the roles and types of an analytic model's columns by their real names", () => {
  const edmx = readEdmx(
    bytes(
      aDocument(`<EntityType Name="T">
        <Property Name="COUNTRY" Type="Edm.String" MaxLength="3"><Annotation Term="Analytics.Dimension" Bool="true"/></Property>
        <Property Name="Net_Value" Type="Edm.Decimal" Precision="15">
          <Annotation Term="Analytics.measure" Bool="true"/><Annotation Term="DataIntegration.OriginalName" String="Net Value"/>
        </Property></EntityType>`),
    ),
  );
  expect(edmxRoles(edmx, "T")).toEqual({ dimensions: ["COUNTRY"], measures: ["Net Value"] });
  expect(Object.fromEntries(edmxTypes(edmx, "T"))).toEqual({
    COUNTRY: { type: "cds.String", length: 3 },
    "Net Value": { type: "cds.Decimal", precision: 15, scale: 0 },
  });
});

// Of CSN's types, these have a counterpart that keeps all of them.
const KEPT = new Set([
  "cds.Boolean",
  "cds.Date",
  "cds.DateTime",
  "cds.Decimal",
  "cds.Double",
  "cds.Integer",
  "cds.Integer64",
  "cds.String",
  "cds.Time",
  "cds.Timestamp",
]);

describeShared("the definitions of real exports", () => {
  test("their relational documents, as the sandbox makes them, give the facets that their CSN gives, as far as OData can say them", () => {
    const exported = sharedDefinitions().filter((one) => isAsset(one.definition));
    for (const { space, name, definition } of exported) {
      const expected = toAsset({ space, name, definition, overlay: NO_OVERLAY });
      const edmx = readEdmx(bytes(edmxDocument(name, definition, "relational")));
      const asset = edmxToAsset(edmx, { space, name, asset_type: expected.asset_type, mode: "relational", overlay: NO_OVERLAY });
      const isKept = ({ type }: Column): boolean => KEPT.has(type);
      const keptNames = new Set(expected.schema.columns.filter(isKept).map((column) => column.name));
      expect(asset.content.business_name).toBe(expected.content.business_name);
      expect(asset.metadata.dimensions).toEqual(expected.metadata.dimensions);
      expect(asset.schema.columns.map((column) => column.name)).toEqual(expected.schema.columns.map((column) => column.name));
      expect(asset.schema.columns.filter((column) => keptNames.has(column.name))).toEqual(expected.schema.columns.filter(isKept));
    }
    expect(exported.length).toBeGreaterThan(10);
  });
});
