import { writeFile } from "node:fs/promises";
import type { Asset } from "../../src/model/asset.ts";
import type { OwnerMark, Target } from "../../src/ports/target.ts";
import { lineOf } from "../../src/sandbox/glue/catalog-records.ts";
import { ACCOUNT } from "../../src/sandbox/glue/catalogs.ts";
import type { TableInput } from "../../src/sandbox/glue/documents.ts";
import { storedTable } from "../../src/sandbox/glue/stored-table.ts";

/** Writes the file of a sandbox catalog that holds these assets as a sync would have left them: in a second what ten thousand requests take minutes for. */
export async function writeLargeCatalog(
  file: string,
  assets: readonly Asset[],
  target: Pick<Target, "project">,
  mark: OwnerMark,
): Promise<void> {
  const lines = [lineOf({ format: "tidemark-sandbox-glue-1" })];
  for (const [space, own] of Map.groupBy(assets, (asset) => asset.space)) {
    const DatabaseName = `dsp_${space.toLowerCase()}`;
    lines.push(lineOf({ database: { Name: DatabaseName, CatalogId: ACCOUNT, CreateTime: 0 }, tags: {} }));
    for (const asset of own) {
      const projection = target.project(asset, mark);
      if (!projection.ok) throw new Error(projection.problem.message);
      const facts = { DatabaseName, CatalogId: ACCOUNT, CreateTime: 0, UpdateTime: 0, VersionId: "0" };
      lines.push(lineOf({ table: storedTable(projection.document as unknown as TableInput, facts), archived: [] }));
    }
  }
  await writeFile(file, lines.join("") + lineOf({ end: lines.length }));
}
