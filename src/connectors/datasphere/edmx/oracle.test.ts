import { parse } from "@sap-ux/edmx-parser";
import { expect, test } from "vitest";
import { aDocument, bytes } from "../../../../test/helpers/edmx.ts";
import { aDatasphereSandbox } from "../../../../test/helpers/sandbox-datasphere.ts";
import { readEdmx } from "./read-edmx.ts";

/** As far as the other parser's answer is looked at. */
interface Parsed {
  readonly schema: {
    readonly entityTypes: readonly {
      readonly name: string;
      readonly keys: readonly { readonly name: string }[];
      readonly entityProperties: readonly {
        readonly name: string;
        readonly type: string;
        readonly maxLength?: number;
        readonly precision?: number;
        readonly scale?: number;
        readonly nullable?: boolean;
      }[];
    }[];
    readonly entitySets: readonly { readonly name: string; readonly entityTypeName: string }[];
    readonly annotations: {
      readonly [file: string]: readonly { readonly target: string; readonly annotations: readonly ParsedAnnotation[] }[];
    };
  };
}

interface ParsedAnnotation {
  readonly term: string;
  readonly value?: { readonly type: string; readonly String?: string; readonly Bool?: boolean };
}

/**
 * What both parsers must agree on: types, keys, columns with their sizes, sets, and every annotation that is a text or a flag. The
 * other one has a key's columns in the order of all, and reads only annotations that stand elsewhere with a target.
 */
function accordingToOther(document: string): unknown {
  const { schema } = parse(document) as unknown as Parsed;
  const said = Object.values(schema.annotations)
    .flat()
    .flatMap(({ target, annotations }) =>
      annotations.map(({ term, value }) => [`${target} ${term}`, value?.String ?? value?.Bool] as const),
    )
    .filter(([, value]) => value !== undefined);
  return {
    types: schema.entityTypes.map(({ name, keys, entityProperties }) => ({
      name,
      key: keys.map((key) => key.name).toSorted(),
      columns: entityProperties.map(({ name: column, type, maxLength, precision, scale, nullable }) => ({
        column,
        type,
        maxLength,
        precision,
        scale: Number.isNaN(scale) ? undefined : scale,
        nullable,
      })),
    })),
    sets: schema.entitySets.map(({ name, entityTypeName }) => [name, entityTypeName]),
    said: said.map(([place, value]) => [place, value]).toSorted(),
  };
}

function accordingToOurs(document: string): unknown {
  const { schemas } = readEdmx(bytes(document));
  const [schema] = schemas;
  if (schema === undefined) throw new Error("no schema");
  const said: (readonly [string, unknown])[] = [];
  const note = (target: string, annotations: object): void => {
    for (const [term, value] of Object.entries(annotations)) {
      if (typeof value === "string" || typeof value === "boolean") said.push([`${target} ${whole(term)}`, value]);
    }
  };
  for (const type of schema.entityTypes) {
    note(`${schema.namespace}.${type.name}`, type.annotations);
    for (const property of type.properties) note(`${schema.namespace}.${type.name}/${property.name}`, property.annotations);
  }
  return {
    types: schema.entityTypes.map(({ name, key, properties }) => ({
      name,
      key: key.toSorted(),
      columns: properties.map(({ name: column, type, attributes }) => ({
        column,
        type,
        maxLength: numberIn(attributes["MaxLength"]),
        precision: numberIn(attributes["Precision"]),
        scale: numberIn(attributes["Scale"]),
        nullable: attributes["Nullable"] !== "false",
      })),
    })),
    sets: schema.entitySets.map(({ name, type }) => [name, `${schema.namespace}.${type}`]),
    said: said.toSorted(),
  };
}

const VOCABULARY = { Aggregation: "Org.OData.", Capabilities: "Org.OData.", Core: "Org.OData." } as Record<string, string>;

function whole(term: string): string {
  const [alias = "", name = ""] = term.split(".");
  const odata = VOCABULARY[alias];
  return odata === undefined ? `com.sap.vocabularies.${alias}.v1.${name}` : `${odata}${alias}.V1.${name}`;
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}

test("another maker's parser finds the same in every document of a sandbox tenant", async () => {
  const { json, get } = await aDatasphereSandbox({ assets: 400 });
  const { value } = await json<{ value: readonly Record<string, string | null>[] }>(
    "/api/v1/datasphere/consumption/catalog/assets?$top=500&$skip=0",
  );
  const urls = value.flatMap((asset) => [asset["assetRelationalMetadataUrl"], asset["assetAnalyticalMetadataUrl"]]);
  const addresses = urls.filter((url): url is string => typeof url === "string");
  expect(addresses.length).toBeGreaterThan(20);
  for (const address of addresses) {
    const document = await (await get(address)).text();
    expect(accordingToOurs(document), address).toEqual(accordingToOther(document));
  }
});

test.each([
  [
    "labels, a role and a key of two columns",
    `<EntityContainer Name="C"><EntitySet Name="T" EntityType="StandaloneService.T"/></EntityContainer>
    <EntityType Name="T"><Key><PropertyRef Name="B"/><PropertyRef Name="A"/></Key>
      <Property Name="A" Type="Edm.String" MaxLength="10" Nullable="false"/>
      <Property Name="B" Type="Edm.Decimal" Precision="15" Scale="2" Nullable="false"/>
    </EntityType>
    <Annotations Target="StandaloneService.T/A"><Annotation Term="Common.Label" String="&#220;ber &amp; unter"/></Annotations>
    <Annotations Target="StandaloneService.T/B"><Annotation Term="Common.Label" String="b"/><Annotation Term="Analytics.measure" Bool="true"/></Annotations>`,
  ],
  [
    "two types and a navigation",
    `<EntityContainer Name="C"><EntitySet Name="T" EntityType="StandaloneService.T"/></EntityContainer>
    <EntityType Name="TParameters"><Key><PropertyRef Name="K"/></Key><Property Name="K" Type="Edm.Date" Nullable="false"/>
      <NavigationProperty Name="Set" Type="Collection(StandaloneService.T)"/></EntityType>
    <EntityType Name="T"><Property Name="A" Type="Edm.DateTimeOffset" Precision="7"/></EntityType>`,
  ],
])("another maker's parser finds the same in a document with %s", (_what, schema) => {
  const document = aDocument(schema);
  expect(accordingToOurs(document)).toEqual(accordingToOther(document));
});
