import type { Json, JsonObject } from "../model/json.ts";
import type { Path } from "./document.ts";
import { choosePipeline, type Config } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { writtenAt } from "./written-at.ts";

/**
 * A configuration as it may be shown: every default filled in, and wherever the environment gave a value, the reference that is
 * written in its place, since such a value may be a secret. With a name, only that pipeline.
 */
export function shownConfig(config: Config, name: string | undefined): { readonly pipelines: Json } {
  const chosen = name === undefined ? config.pipelines : [choosePipeline(config, name)];
  return { pipelines: chosen.map((pipeline) => shownPipeline(pipeline, config)) };
}

/** The same of one pipeline. */
export function shownPipeline(pipeline: Pipeline, config: Config): Json {
  const plain = JSON.parse(JSON.stringify(pipeline)) as JsonObject;
  const walk = (value: Json, path: Path): Json => {
    const reference = config.references.get(writtenAt(config, pipeline, path)?.join("/") ?? "");
    if (reference !== undefined) return reference;
    if (Array.isArray(value)) return value.map((item: Json, index) => walk(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner as Json, [...path, key])]));
  };
  return walk(plain, []);
}
