import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { TenantAsset } from "./tenant.ts";

/**
 * An export file as Datasphere writes it: the definitions, what came along with them and is no asset of the space (the namespaces of
 * the time tables, stand-ins for objects of other spaces), and the editor's settings.
 */
export function exportDocument(
  assets: readonly TenantAsset[],
  settings: readonly (readonly [name: string, settings: JsonObject])[],
): JsonObject {
  const foreign = new Set(
    assets.flatMap(({ definition, space }) =>
      sourcesOf(definition["query"]).filter((name) => name.includes(".") && !name.startsWith(`${space}.`)),
    ),
  );
  return {
    definitions: Object.fromEntries([
      ...[...foreign].flatMap(standIn),
      ["SAP", { kind: "context", "@EndUserText.label": "SAP" }],
      ["SAP.TIME", { kind: "context", "@EndUserText.label": "SAP.TIME" }],
      ...assets.map(({ name, definition }) => [name, definition] as const),
    ]),
    version: { csn: "1.0" },
    meta: { creator: "CDS Compiler v1.19.2" },
    ...(settings.length > 0 ? { editorSettings: Object.fromEntries(settings) } : {}),
    $version: "1.0",
  };
}

// The names that the query reads from, wherever it nests.
function sourcesOf(query: Json | undefined): readonly string[] {
  if (!isJsonObject(query)) return [];
  const { SELECT: select, ref, args } = query;
  if (isJsonObject(select)) return sourcesOf(select["from"]);
  if (Array.isArray(ref)) return ref.slice(0, 1).filter((name) => typeof name === "string");
  return Array.isArray(args) ? args.flatMap(sourcesOf) : [];
}

// The other space's namespace, and its object as far as this space sees it.
function standIn(name: string): readonly (readonly [string, JsonObject])[] {
  const space = name.slice(0, name.indexOf("."));
  return [
    [space, { kind: "context", "@EndUserText.label": space, "@DataWarehouse.space.schema": space, "@DataWarehouse.space.name": space }],
    [
      name,
      {
        kind: "entity",
        elements: {
          ID: { "@EndUserText.label": "ID", type: "cds.String", length: 5000 },
          RELEASE_ID: { "@EndUserText.label": "Release ID", type: "cds.Integer" },
        },
        "@EndUserText.label": name,
        "@cds.persistence.exists": true,
      },
    ],
  ];
}
