import type { JsonObject } from "../../model/json.ts";
import { type Draft, draftColumns, toElement } from "./columns.ts";
import { type Identity, identityOf, type World } from "./identity.ts";
import { diagram, folderName, uuid } from "./noise.ts";
import { draftQuery, draftSql } from "./queries.ts";
import { draftHierarchies, draftRelations, relatedTo, type Relation } from "./relations.ts";
import { Rng } from "./rng.ts";
import { drawShape, isView, type Kind, type Shape, type Usage } from "./shape.ts";
import { SENTENCES } from "./vocabulary.ts";

/** The CSN definition of asset number `number`, made of the world's seed and that number alone. */
export function definitionOf(world: World, number: number): JsonObject {
  const identity = identityOf(world, number);
  const rng = new Rng(world.seed, number, 2);
  const shape = drawShape(rng);
  const columns = draftColumns(identity, shape, rng);
  const relations = draftRelations(identity, columns, shape.relations, world, rng);
  return {
    kind: "entity",
    elements: elementsOf(columns, relations, shape, rng),
    ...(isView(shape.kind) ? logicOf(identity, shape.kind, columns, relations, world, rng) : {}),
    ...textsOf(identity, rng),
    ...purposeOf(identity, shape.usage, columns, rng),
    ...originOf(identity, shape.kind, world, rng),
    ...(rng.chance(0.9) ? { _meta: { dependencies: { folderAssignment: rng.chance(0.3) ? null : folderName(rng) } } } : {}),
  };
}

/** The shape of asset number `number`, without its definition. */
export function shapeOf(world: World, number: number): Shape {
  return drawShape(new Rng(world.seed, number, 2));
}

/** Whether asset number `number` is open to consumers if it is a view, without its definition. */
export function isExposed(world: World, number: number): boolean {
  return new Rng(world.seed, number, 6).chance(0.1);
}

function elementsOf(columns: readonly Draft[], relations: readonly Relation[], shape: Shape, rng: Rng): JsonObject {
  const leadingTo = new Map(relations.map(({ column, name }) => [column, name]));
  return Object.fromEntries([
    ...columns.map((draft) => {
      const association = leadingTo.get(draft.name);
      const foreignKey = association === undefined ? {} : { "@ObjectModel.foreignKey.association": { "=": association } };
      return [draft.name, { ...toElement(draft, columns, shape, rng), ...foreignKey }] as const;
    }),
    ...relations.map(({ name, element }) => [name, element] as const),
  ]);
}

function logicOf(
  identity: Identity,
  kind: Kind,
  columns: readonly Draft[],
  relations: readonly Relation[],
  world: World,
  rng: Rng,
): JsonObject {
  const source = relatedTo(identity, world, rng);
  const sources = rng.chance(0.15) ? [source, relatedTo(identity, world, rng)] : [source];
  const withDiagram = kind === "view" && rng.chance(0.025);
  return {
    query: draftQuery(columns, relations, sources, identity, rng),
    ...(kind === "sql_view" ? { "@DataWarehouse.sqlEditor.query": draftSql(columns, source, rng) } : {}),
    ...(withDiagram ? { "@DataWarehouse.querybuilder.model": diagram(identity.name, columns.slice(0, 30).flatMap(nodesOf), rng) } : {}),
  };
}

function nodesOf({ name }: Draft): readonly string[] {
  return [name, `${name} (source)`, `${name} (projection)`, `${name} (output)`];
}

function textsOf(identity: Identity, rng: Rng): JsonObject {
  const sentences = rng.chance(0.2) ? Array.from({ length: rng.between(1, 3) }, () => rng.pick(SENTENCES)) : [];
  return { "@EndUserText.label": identity.label, ...(sentences.length > 0 ? { "@EndUserText.quickInfo": sentences.join(" ") } : {}) };
}

function purposeOf(identity: Identity, usage: Usage, columns: readonly Draft[], rng: Rng): JsonObject {
  const extra = rng.likely({ none: 6, SQL_DATA_SOURCE: 2, ANALYTICAL_PROVIDER: 2 });
  const capabilities = [rng.chance(0.7) ? usage : "DATA_STRUCTURE", ...(extra === "none" ? [] : [extra])];
  const isDimension = usage === "ANALYTICAL_DIMENSION";
  return {
    "@ObjectModel.modelingPattern": { "#": usage },
    "@ObjectModel.supportedCapabilities": rng.shuffle(capabilities).map((name) => ({ "#": name })),
    ...(isDimension && rng.chance(0.25) ? draftHierarchies(identity, columns, rng) : {}),
    ...(isDimension && rng.chance(0.05) ? { "@ObjectModel.representativeKey": { "=": identity.key } } : {}),
  };
}

function originOf(identity: Identity, kind: Kind, world: World, rng: Rng): JsonObject {
  switch (kind) {
    case "table":
      return {};
    case "view":
    case "sql_view":
      return { "@DataWarehouse.consumption.external": isExposed(world, identity.number) };
    case "dataset":
      return {
        "@DataWarehouse.dataSource.schema": `WRG_${rng.text(16, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789")}`,
        "@DataWarehouse.dataSource.entity": `sap.dataset.conf_${uuid(rng)}_view`,
      };
    case "remote": {
      const connection = rng.text(20, "0123456789ABCDEF");
      return {
        "@DataWarehouse.remote.connection": connection,
        "@DataWarehouse.remote.entity": rng.chance(0.7) ? `<NULL>\u007f${connection}\u007f${identity.name}` : `"SOURCE"."${identity.name}"`,
      };
    }
  }
}
