import type { DatasetName, Naming } from "../listeners/openlineage/index.ts";
import { spaceOf, technicalNameOf, type AssetId } from "../model/asset.ts";
import type { RunListener } from "../ports/run-listener.ts";
import type { Target } from "../ports/target.ts";
import type { GlueConnectionConfig } from "./glue-connection.ts";
import type { Pipeline } from "./pipeline.ts";
import { systemClock } from "./system.ts";
import { version } from "./version.ts";

/** Who is told of the runs of a pipeline; null where its configuration names nobody. */
export async function openRunListener(pipeline: Pipeline, target: Target): Promise<RunListener | null> {
  const { file, url, api_key, namespace } = pipeline.openlineage;
  if (file === null && url === null) return null;
  const { openLineageListener, toFile, toUrl } = await import("../listeners/openlineage/index.ts");
  return openLineageListener({
    job: { namespace, name: pipeline.name },
    naming: await namingOf(pipeline, target),
    sends: [...(file === null ? [] : [toFile(file)]), ...(url === null ? [] : [toUrl(url, api_key?.reveal() ?? null)])],
    clock: systemClock,
    version: version(),
  });
}

async function namingOf({ source, target, openlineage }: Pipeline, { place }: Pick<Target, "place">): Promise<Naming> {
  const input = inputNaming(source);
  const common = {
    input: named(openlineage.source_namespace, input),
    place: (id: AssetId) => place(id).key,
  };
  if (target.type !== "glue")
    return {
      ...common,
      output: named(openlineage.target_namespace, (ref) => ({ namespace: target.type, name: ref })),
      columns: () => null,
    };
  const { tableColumns } = await import("../connectors/glue/table-columns.ts");
  return { ...common, output: named(openlineage.target_namespace, (ref) => glueName(target, ref)), columns: tableColumns };
}

function inputNaming(source: Pipeline["source"]): (id: AssetId) => DatasetName {
  switch (source.type) {
    case "csn":
      return (id) => ({ namespace: "datasphere", name: id });
    case "datasphere":
      return (id) => ({ namespace: `datasphere://${new URL(source.url).host}`, name: id });
    case "glue":
      return (id) => glueName(source, id);
  }
}

/** As OpenLineage's naming rules have it for Glue. The account is empty where the configuration leaves it to the caller's. */
function glueName({ region = "", catalog_id = "" }: GlueConnectionConfig, key: string): DatasetName {
  return { namespace: `arn:aws:glue:${region}:${catalog_id}`, name: `table/${spaceOf(key)}/${technicalNameOf(key)}` };
}

function named<Key>(namespace: string | null, naming: (key: Key) => DatasetName): (key: Key) => DatasetName {
  return namespace === null ? naming : (key) => ({ ...naming(key), namespace });
}
