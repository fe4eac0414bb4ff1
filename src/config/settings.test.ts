import { expect, test } from "vitest";
import type { Pipeline } from "./pipeline.ts";
import { DEFAULTS } from "./sections.ts";
import { settingsOf } from "./settings.ts";

const pipeline: Pipeline = {
  ...DEFAULTS,
  name: "sales",
  source: { type: "csn", path: "/exports" },
  target: { type: "glue", region: "eu-central-1" },
};

test("the defaults of the configuration are the settings of the reference", () => {
  expect(settingsOf(pipeline, 7)).toEqual({
    scheme: {
      canonical: expect.any(Number) as unknown,
      mapping: 7,
      hash_algorithm: "sha256",
      facets: ["content", "metadata", "schema"],
      ignore_fields: ["last_modified", "sync_timestamp"],
      case_sensitive: true,
      normalize_whitespace: true,
    },
    full_sync_threshold: 0.7,
    delta_sync_enabled: true,
    metadata_only_threshold: 0.1,
    batch_size: 100,
    max_parallel_jobs: 10,
    retry: { attempts: 5, base_ms: 200, max_ms: 20_000 },
    deletion: { floor: 5, share: 0.1, grace_runs: 0 },
    renames: "show",
    comparable: "csn>glue, 10 at a time",
  });
});

test("without parallel processing one step is carried out at a time, whatever max_parallel_jobs says", () => {
  const settings = settingsOf({ ...pipeline, sync_strategies: { ...DEFAULTS.sync_strategies, parallel_processing: false } }, 1);

  expect([settings.max_parallel_jobs, settings.comparable]).toEqual([1, "csn>glue, 1 at a time"]);
});

test.each([
  ["content_hash_enabled", ["metadata", "schema"]],
  ["schema_hash_enabled", ["content", "metadata"]],
  ["metadata_hash_enabled", ["content", "schema"]],
] as const)("without %s, the facets %j are hashed", (toggle, facets) => {
  const settings = settingsOf({ ...pipeline, change_detection: { ...DEFAULTS.change_detection, [toggle]: false } }, 1);

  expect(settings.scheme.facets).toEqual(facets);
});
