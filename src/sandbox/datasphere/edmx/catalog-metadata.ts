import { element, type Xml, xmlDocument } from "./xml.ts";

const KEY = { Nullable: "false" };
const URLS = ["assetRelationalMetadataUrl", "assetRelationalDataUrl", "assetAnalyticalMetadataUrl", "assetAnalyticalDataUrl"];
const SERVICE = "CatalogService";

function textProperty(name: string, more: Readonly<Record<string, string>> = {}): Xml {
  return element("Property", { Name: name, Type: "Edm.String", ...more });
}

/** The `$metadata` of the catalog itself. */
export const CATALOG_METADATA: string = xmlDocument(
  element(
    "edmx:Edmx",
    { Version: "4.0", "xmlns:edmx": "http://docs.oasis-open.org/odata/ns/edmx" },
    element(
      "edmx:DataServices",
      {},
      element(
        "Schema",
        { Namespace: SERVICE, xmlns: "http://docs.oasis-open.org/odata/ns/edm" },
        element(
          "EntityContainer",
          { Name: "EntityContainer" },
          element("EntitySet", { Name: "assets", EntityType: `${SERVICE}.assets` }),
          element(
            "EntitySet",
            { Name: "spaces", EntityType: `${SERVICE}.spaces` },
            element("NavigationPropertyBinding", { Path: "assets", Target: "assets" }),
          ),
        ),
        element(
          "EntityType",
          { Name: "assets" },
          element("Key", {}, element("PropertyRef", { Name: "spaceName" }), element("PropertyRef", { Name: "name" })),
          textProperty("name", KEY),
          textProperty("label"),
          textProperty("spaceName", KEY),
          ...URLS.map((url) => textProperty(url)),
          element("Property", { Name: "supportsAnalyticalQueries", Type: "Edm.Boolean" }),
          element("Property", { Name: "hasParameters", Type: "Edm.Boolean" }),
        ),
        element(
          "EntityType",
          { Name: "spaces" },
          element("Key", {}, element("PropertyRef", { Name: "name" })),
          textProperty("name", KEY),
          textProperty("label"),
          element("NavigationProperty", { Name: "assets", Type: `Collection(${SERVICE}.assets)` }),
        ),
      ),
    ),
  ),
);
