import type { Path } from "./document.ts";
import type { Config } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";

/** Where in the file stands what holds for a pipeline at that path of it: in the pipeline, else in the file's own section; null for a default. */
export function writtenAt(config: Config, pipeline: Pipeline, path: Path): Path | null {
  const own: Path = ["pipelines", config.pipelines.indexOf(pipeline)];
  // Sections are merged key by key: the first of the two that has the key gives all that is under it.
  const key = path.slice(0, 2);
  if (config.positionOf([...own, ...key]) !== null) return [...own, ...path];
  return PIPELINE_ONLY.has(path[0]) || config.positionOf(key) === null ? null : path;
}

const PIPELINE_ONLY: ReadonlySet<string | number | undefined> = new Set(["name", "source", "target"]);
