import { hashScheme } from "../engine/fingerprint.ts";
import type { Settings } from "../engine/parts.ts";
import { FACETS } from "../model/asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { Pipeline } from "./pipeline.ts";

/** The settings of a pipeline as the engine takes them. `mapping` is the version of its source's mapping from definitions to assets. */
export function settingsOf(pipeline: Pipeline, mapping: number): Settings {
  const { sync_strategies, retry, deletion, renames } = pipeline;
  const { full_sync_threshold, delta_sync_enabled, metadata_only_threshold, batch_size } = sync_strategies;
  const max_parallel_jobs = sync_strategies.parallel_processing ? sync_strategies.max_parallel_jobs : 1;
  return {
    scheme: schemeOf(pipeline, mapping),
    full_sync_threshold,
    delta_sync_enabled,
    metadata_only_threshold,
    batch_size,
    max_parallel_jobs,
    retry,
    deletion: { floor: deletion.max_count, share: deletion.max_share, grace_runs: deletion.grace_runs },
    renames,
    comparable: `${pipeline.source.type}>${pipeline.target.type}, ${max_parallel_jobs} at a time`,
  };
}

/** The hash scheme that a pipeline's `change_detection` asks for. The mapping names the scheme, and does not bear on any hash. */
export function schemeOf({ change_detection }: Pipeline, mapping: number): HashScheme {
  const { hash_algorithm, ignore_fields, case_sensitive, normalize_whitespace } = change_detection;
  const facets = FACETS.filter((facet) => change_detection[`${facet}_hash_enabled`]);
  return hashScheme({ mapping, hash_algorithm, facets, ignore_fields, case_sensitive, normalize_whitespace });
}
