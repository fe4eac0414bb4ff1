import { z } from "zod";
import type { EdmxMode } from "../edmx/to-definition.ts";
import { type Generation, GENERATIONS } from "./generations.ts";

/** An asset as the catalog lists it: one that is exposed for consumption. */
export interface ExposedAsset {
  readonly space: string;
  readonly name: string;
  readonly label: string | null;
  /** The documents that describe it, each with the generation of paths that the catalog names for it. An analytic model has no relational one. */
  readonly documents: { readonly [M in EdmxMode]?: Generation };
  /** A hint, not a type: views may be analytical too. */
  readonly supportsAnalyticalQueries: boolean;
  readonly hasParameters: boolean;
}

const LONGEST_NAME = 1_024;
const address = z.string().max(8_192).nullish();

/** A row of the catalog. Of its addresses only the generation of paths is believed: that of a foreign host says nothing. */
export const exposedAsset: z.ZodType<ExposedAsset> = z
  .object({
    name: z.string().min(1).max(LONGEST_NAME),
    spaceName: z.string().min(1).max(256),
    label: z.string().nullish(),
    assetRelationalMetadataUrl: address,
    assetAnalyticalMetadataUrl: address,
    supportsAnalyticalQueries: z.boolean().nullish(),
    hasParameters: z.boolean().nullish(),
  })
  .transform((row) => ({
    space: row.spaceName,
    name: row.name,
    label: row.label ?? null,
    documents: {
      ...generationOf("relational", row.assetRelationalMetadataUrl),
      ...generationOf("analytical", row.assetAnalyticalMetadataUrl),
    },
    supportsAnalyticalQueries: row.supportsAnalyticalQueries ?? false,
    hasParameters: row.hasParameters ?? false,
  }));

function generationOf(mode: EdmxMode, url: string | null | undefined): { readonly [M in EdmxMode]?: Generation } {
  if (url === null || url === undefined || url === "") return {};
  return { [mode]: url.includes(`${GENERATIONS.old.consumption}/`) ? "old" : "new" };
}
