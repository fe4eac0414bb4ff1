import { chmod, cp, glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAsset } from "../../src/csn/object-type.ts";
import { type AssetId, spaceOf, technicalNameOf } from "../../src/model/asset.ts";
import { isJsonObject, type JsonObject } from "../../src/model/json.ts";
import { objectInOrder } from "../../src/model/key-order.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { sharedPath } from "../helpers/shared.ts";

/** A folder of exports that a test may edit. Gone when disposed of. */
export interface ExportsFolder extends AsyncDisposable {
  readonly path: string;
  /** The folder around it, with room for a configuration and a state. */
  readonly root: string;
  /** The asset's definition as its files have it; null where none defines it. */
  definition(id: AssetId): Promise<JsonObject | null>;
  /** Replaces the asset's definition wherever its space's files define it; null takes it away. */
  replace(id: AssetId, definition: JsonObject | null): Promise<void>;
}

/** A copy of the real exports beside the checkout. */
export async function copyOfRealExports(): Promise<ExportsFolder> {
  const folder = await emptyExports();
  await cp(sharedPath("data", "csn"), folder.path, { recursive: true });
  // The original may be read-only, and a copy keeps its modes.
  for (const { name } of (await readdir(folder.path, { withFileTypes: true })).filter((entry) => entry.isDirectory()))
    await chmod(join(folder.path, name), 0o755);
  return folder;
}

/** A folder to write exports into. */
export async function emptyExports(): Promise<ExportsFolder> {
  const root = await mkdtemp(join(tmpdir(), "tidemark-scenario-"));
  const path = join(root, "exports");
  await mkdir(path);
  return {
    root,
    path,
    async definition(id) {
      for await (const { definitions } of exportsOf(path, spaceOf(id))) {
        const definition = definitions[technicalNameOf(id)];
        if (isJsonObject(definition) && isAsset(definition)) return definition;
      }
      return null;
    },
    async replace(id, definition) {
      const name = technicalNameOf(id);
      for await (const { file, document, definitions } of exportsOf(path, spaceOf(id))) {
        const now = definitions[name];
        if (!isJsonObject(now) || !isAsset(now)) continue;
        const entries = Object.entries(definitions).flatMap(([other, one]) =>
          other !== name ? [[other, one] as const] : definition === null ? [] : [[name, definition] as const],
        );
        // A copied file may be read-only.
        await rm(file);
        await writeFile(file, JSON.stringify({ ...document, definitions: objectInOrder(entries) }, null, 2));
      }
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function* exportsOf(
  root: string,
  space: string,
): AsyncGenerator<{ readonly file: string; readonly document: JsonObject; readonly definitions: JsonObject }> {
  for (const name of (await Array.fromAsync(glob("*.json", { cwd: join(root, space) }))).toSorted()) {
    const file = join(root, space, name);
    const document = parseJson(await readFile(file, "utf8"));
    if (isJsonObject(document) && isJsonObject(document["definitions"])) yield { file, document, definitions: document["definitions"] };
  }
}
