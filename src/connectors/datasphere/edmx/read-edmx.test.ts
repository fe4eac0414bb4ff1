import { expect, test } from "vitest";
import { rawNumber } from "../../../model/json.ts";
import { readEdmx } from "./read-edmx.ts";
import { aDocument, bytes } from "../../../../test/helpers/edmx.ts";

test("annotations inside what they speak of, and those elsewhere with a target, are the same", () => {
  const inline = aDocument(`
    <EntityType Name="T"><Property Name="P" Type="Edm.String"><Annotation Term="Common.Label" String="Pi"/></Property></EntityType>`);
  const external = aDocument(`
    <EntityType Name="T"><Property Name="P" Type="Edm.String"/></EntityType>
    <Annotations Target="StandaloneService.T/P"><Annotation Term="Common.Label" String="Pi"/></Annotations>`);

  expect(readEdmx(bytes(inline))).toEqual(readEdmx(bytes(external)));
  expect(readEdmx(bytes(inline)).schemas[0]?.entityTypes[0]?.properties[0]?.annotations).toEqual({ "Common.Label": "Pi" });
});

test("a document may choose its own aliases, or none: the terms are the same", () => {
  const terms = ["Common.Label", "com.sap.vocabularies.Common.v1.Label", "C.Label"].map((term) => {
    const document = aDocument(`<EntityType Name="T"><Annotation Term="${term}" String="x"/></EntityType>`, {
      references:
        '<edmx:Include Alias="C" Namespace="com.sap.vocabularies.Common.v1"/><edmx:Include Alias="Common" Namespace="com.sap.vocabularies.Common.v1"/>',
    });
    return readEdmx(bytes(document)).schemas[0]?.entityTypes[0]?.annotations;
  });
  expect(terms).toEqual([{ "Common.Label": "x" }, { "Common.Label": "x" }, { "Common.Label": "x" }]);
});

test("the alias of the schema itself stands for its namespace in targets", () => {
  const document = aDocument('<EntityType Name="T"/><Annotations Target="Self.T"><Annotation Term="a.b.c" String="x"/></Annotations>', {
    alias: "Self",
  });
  expect(readEdmx(bytes(document)).schemas[0]?.entityTypes[0]?.annotations).toEqual({ "a.b.c": "x" });
});

test("every form of a value is kept as what it is", () => {
  const document = aDocument(`<EntityType Name="T">
    <Annotation Term="x.Tag"/>
    <Annotation Term="x.String" String="2020"/><Annotation Term="x.Int" Int="2020"/><Annotation Term="x.Decimal" Decimal="1.50"/>
    <Annotation Term="x.Bool" Bool="false"/><Annotation Term="x.Inner"><String>in</String></Annotation>
    <Annotation Term="x.Enum" EnumMember="Common.FieldControlType/Mandatory"/><Annotation Term="x.Path" PropertyPath="P"/>
    <Annotation Term="x.Qualified" Qualifier="q" String="1"/><Annotation Term="x.Qualified" String="2"/>
    <Annotation Term="x.Null"><Null/></Annotation>
    <Annotation Term="x.Nested"><Collection><Record Type="Common.Thing">
      <PropertyValue Property="name" String="H"/><PropertyValue Property="levels"><Collection><String>a</String><String>b</String></Collection></PropertyValue>
      <Annotation Term="Common.Label" String="of the record"/>
    </Record></Collection></Annotation>
    <Annotation Term="x.Computed"><Apply Function="odata.concat"><String>a</String><Path>P</Path></Apply></Annotation>
  </EntityType>`);
  expect(readEdmx(bytes(document)).schemas[0]?.entityTypes[0]?.annotations).toEqual({
    "x.Tag": true,
    "x.String": "2020",
    "x.Int": 2020,
    "x.Decimal": rawNumber("1.5"),
    "x.Bool": false,
    "x.Inner": "in",
    "x.Enum": { "#": "Mandatory" },
    "x.Path": { "=": "P" },
    "x.Qualified#q": "1",
    "x.Qualified": "2",
    "x.Null": null,
    "x.Nested": [{ "@type": "Common.Thing", name: "H", levels: ["a", "b"], "@Common.Label": "of the record" }],
    "x.Computed": {
      $element: {
        name: "Apply",
        attributes: { Function: "odata.concat" },
        children: [
          { name: "String", text: "a" },
          { name: "Path", text: "P" },
        ],
      },
    },
  });
});

test("what stands in no known place is kept as it is", () => {
  const { schemas, elsewhere } = readEdmx(
    bytes(
      aDocument(`<ComplexType Name="C"/><EntityContainer Name="X"><Singleton Name="S" Type="StandaloneService.C"/></EntityContainer>
        <Annotations Target="StandaloneService.X"><Annotation Term="a.b" Bool="true"/></Annotations>`),
    ),
  );
  expect(schemas[0]?.unknown.map(({ name }) => name)).toEqual(["ComplexType", "Singleton"]);
  expect(elsewhere).toEqual({ "StandaloneService.X": { "a.b": true } });
});

test.each([
  ["another document", "<html/>", /begins with html/],
  ["a document of OData 2", '<Edmx xmlns="http://schemas.microsoft.com/ado/2007/06/edmx" Version="1.0"/>', /OData 4/],
  ["no schema", '<e:Edmx xmlns:e="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><e:DataServices/></e:Edmx>', /no schema/],
  ["a column without a name", aDocument('<EntityType Name="T"><Property Type="Edm.String"/></EntityType>'), /Property without its Name/],
  ["a column without a type", aDocument('<EntityType Name="T"><Property Name="P"/></EntityType>'), /Property without its Type/],
  [
    "a column twice",
    aDocument('<EntityType Name="T"><Property Name="P" Type="Edm.String"/><Property Name="P" Type="Edm.Date"/></EntityType>'),
    /a property of T twice: P/,
  ],
  [
    "a key of no column",
    aDocument('<EntityType Name="T"><Key><PropertyRef Name="P"/></Key></EntityType>'),
    /the key P of T, and no such property/,
  ],
  [
    "one term said twice, differently",
    aDocument(`<EntityType Name="T"><Annotation Term="Common.Label" String="a"/></EntityType>
      <Annotations Target="StandaloneService.T"><Annotation Term="Common.Label" String="b"/></Annotations>`),
    /says Common.Label twice/,
  ],
])("%s is refused", (_what, document, message) => {
  expect(() => readEdmx(bytes(document))).toThrow(
    expect.objectContaining({ code: "asset_unreadable", message: expect.stringMatching(message) }),
  );
});

test("a document that is cut at any place is refused, and never one with fewer columns", () => {
  const document = aDocument(`<EntityType Name="T">
      <Property Name="A" Type="Edm.String"/><Property Name="B" Type="Edm.String"/>
    </EntityType><Annotations Target="StandaloneService.T/A"><Annotation Term="Common.Label" String="A"/></Annotations>`).trim();
  for (let end = 0; end < document.length; end++) {
    expect(() => readEdmx(bytes(document.slice(0, end))), `cut at ${end}`).toThrow(/^it /);
  }
  expect(readEdmx(bytes(document)).schemas[0]?.entityTypes[0]?.properties.length).toBe(2);
});
