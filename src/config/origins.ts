import type { Json, JsonObject } from "../model/json.ts";
import type { Path } from "./document.ts";
import { spell } from "./explain.ts";
import { choosePipeline, type Config } from "./load.ts";
import type { Pipeline } from "./pipeline.ts";
import { type Environment, variablesIn } from "./references.ts";
import { shownPipeline } from "./show.ts";
import { writtenAt } from "./written-at.ts";

/** One setting that holds for a pipeline, and where it comes from. */
export interface Setting {
  /** As people write it: `target.region`. */
  readonly setting: string;
  /** As {@link shownPipeline} shows it: never what the environment gave, never a secret. */
  readonly value: Json;
  readonly from: "file" | "environment" | "default";
  /** Of the file, where it is written; of a default, nothing. */
  readonly line?: number;
  /** The variables that gave it. */
  readonly variables?: readonly string[];
}

/** The settings of one pipeline. */
export interface PipelineOrigins {
  readonly pipeline: string;
  readonly settings: readonly Setting[];
}

/** Every setting of every pipeline, or of the one named, with where it comes from. */
export function configOrigins(config: Config, name: string | undefined, env: Environment): readonly PipelineOrigins[] {
  const chosen = name === undefined ? config.pipelines : [choosePipeline(config, name)];
  return chosen.map((pipeline) => ({
    pipeline: pipeline.name,
    settings: [...leaves(shownPipeline(pipeline, config), [])].map(([path, value]) => ({
      setting: spell(path),
      value,
      ...originOf(pipeline, path, config, env),
    })),
  }));
}

function originOf(pipeline: Pipeline, path: Path, config: Config, env: Environment): Pick<Setting, "from" | "line" | "variables"> {
  const written = writtenAt(config, pipeline, path);
  const position = written === null ? null : config.positionOf(written);
  if (written === null || position === null) return { from: "default" };
  const variables = [...new Set(textsAt(config, written).flatMap((text) => variablesIn(text, env)))];
  return variables.length === 0 ? { from: "file", line: position.line } : { from: "environment", line: position.line, variables };
}

/** The references that stand at a path, or in the list there. */
function textsAt({ references }: Config, path: Path): readonly string[] {
  const at = path.join("/");
  return [...references].flatMap(([place, text]) => (place === at || place.startsWith(`${at}/`) ? text : []));
}

/** What is one setting: everything but a mapping with keys, and a list of such. */
function* leaves(value: Json, path: Path): Generator<readonly [Path, Json]> {
  const inner: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? value.some(isObject)
      ? [...value.entries()]
      : []
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) yield [path, value];
  for (const [key, one] of inner) yield* leaves(one, [...path, key]);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
