import { AssetError } from "../../../model/errors.ts";
import type { Edmx, EntitySet, EntityType } from "./edmx.ts";

/** The parts of a document that describe one asset. */
export interface DescribedAsset {
  /** Its columns. */
  readonly columns: EntityType;
  /** Its parameters, as properties; null for an asset without any. */
  readonly parameters: EntityType | null;
  readonly sets: readonly EntitySet[];
  /** The real name of a property of its columns, or of its parameters. */
  readonly realName: (property: string) => string;
}

/**
 * Finds an asset in its document by its real name, which the document keeps beside a mangled one. An asset with parameters is an entity
 * type of its own, reached from that of the parameters by the navigation `Set`.
 *
 * Throws `asset_unreadable` for a document that describes another asset, for a type that derives from another (none was ever seen), and
 * for columns whose real names are not all different.
 */
export function describedAsset(edmx: Edmx, name: string): DescribedAsset {
  const types = edmx.schemas.flatMap(({ entityTypes }) => entityTypes);
  const named = types.find((type) => isNamed(type, name));
  if (named === undefined) {
    const found = types.map((type) => JSON.stringify(originalName(type) ?? type.name)).join(", ");
    throw new AssetError(
      "asset_unreadable",
      `it should describe ${JSON.stringify(name)} and describes ${found === "" ? "nothing" : found}`,
    );
  }
  const inner = types.find((type) => type.name === setTarget(named));
  const columns = inner ?? named;
  if (columns.attributes["BaseType"] !== undefined) {
    throw new AssetError("asset_unreadable", `its type derives from ${columns.attributes["BaseType"]}, whose columns would be missing`);
  }
  const parameters = inner === undefined ? (types.find((type) => setTarget(type) === named.name) ?? null) : named;
  return {
    columns,
    parameters,
    sets: edmx.schemas.flatMap(({ entitySets }) => entitySets).filter(({ type }) => type === columns.name || type === parameters?.name),
    realName: realNames([columns, ...(parameters === null ? [] : [parameters])]),
  };
}

/** A name as OData writes it: what is no letter, digit or underscore becomes an underscore. */
export function mangledName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_]/gu, "_");
}

function isNamed(type: EntityType, name: string): boolean {
  const original = originalName(type);
  return original === null ? type.name === name || type.name === mangledName(name) : original === name;
}

function originalName({ annotations }: Pick<EntityType, "annotations">): string | null {
  const original = annotations["DataIntegration.OriginalName"];
  return typeof original === "string" ? original : null;
}

function setTarget({ navigations }: EntityType): string | undefined {
  return navigations.find(({ name, isMany }) => name === "Set" && isMany)?.target;
}

function realNames(types: readonly EntityType[]): (property: string) => string {
  const names = new Map<string, string>();
  for (const type of types) {
    const real = new Set<string>();
    for (const property of [...type.properties, ...type.navigations]) {
      const name = originalName(property) ?? property.name;
      if (real.has(name)) throw new AssetError("asset_unreadable", `it has two columns whose name is ${JSON.stringify(name)}`);
      real.add(name);
      if (!names.has(property.name)) names.set(property.name, name);
    }
  }
  return (property) => names.get(property) ?? property;
}
