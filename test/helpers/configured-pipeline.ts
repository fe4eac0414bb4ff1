import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Assembled, assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { RunOptions } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import { type DriftSummary, verify } from "../../src/engine/verify.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Checkpoint } from "../../src/model/checkpoint.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { Source } from "../../src/ports/source.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const signal = AbortSignal.timeout(600_000);

/** A pipeline as a user configures it. Each call opens its parts anew, as a process of its own would. */
export interface ConfiguredPipeline {
  sync(options?: Partial<RunOptions>): Promise<RunReport>;
  verify(): Promise<DriftSummary>;
  /** What its source tells now, by id. */
  assets(): Promise<ReadonlyMap<string, Asset>>;
  checkpoints(): Promise<readonly Checkpoint[]>;
  using<T>(work: (parts: Assembled) => Promise<T>): Promise<T>;
}

/** Writes the configuration into a folder of its own, with the state beside it. */
export async function aConfiguredPipeline(source: object, target: object, name = "copy"): Promise<ConfiguredPipeline> {
  const folder = await temporaryFolder();
  const file = join(folder, "tidemark.json");
  await writeFile(file, JSON.stringify({ pipelines: [{ name, source, target }] }));
  const config = await loadConfig({ file, cwd: folder, env: {} });
  const using = async <T>(work: (parts: Assembled) => Promise<T>): Promise<T> => {
    await using parts = await assemble(config, undefined, { log: { event: () => undefined } });
    return await work(parts);
  };
  return {
    using,
    sync: (options) => using((parts) => sync(parts, { signal, ...options })),
    verify: () =>
      using(async (parts) => {
        await using found = await verify(parts, { signal });
        return found.summary;
      }),
    assets: () => using((parts) => assetsOf(parts.source)),
    checkpoints: () =>
      using(async ({ store }) => {
        await using reader = await store.reader();
        return (await Array.fromAsync(reader.checkpoints())).flat();
      }),
  };
}

async function assetsOf(source: Source): Promise<ReadonlyMap<string, Asset>> {
  const memory = { get: () => Promise.resolve(undefined), set: () => undefined };
  const events = await Array.fromAsync(source.list({ signal, known: new Set(), memory }));
  const items = events.flatMap((event) => (event.kind === "listed" ? event.items : []));
  const read = await Array.fromAsync(source.read(items, { signal }));
  return new Map(read.flatMap((result) => (result.kind === "asset" ? [[result.id, result.asset]] : [])));
}
