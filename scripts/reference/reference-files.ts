import { configJsonSchema } from "../../src/config/json-schema.ts";
import { benchmarksPage } from "./benchmarks-page.ts";
import { cliPage } from "./cli-page.ts";
import { configPage } from "./config-page.ts";
import { errorsPage } from "./errors-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { jsonPage } from "./json-page.ts";
import { reliabilityPage } from "./reliability-page.ts";

/** Every generated file: its path in the repository and its text. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["schema/tidemark.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ["docs/reference/config.md", configPage(configJsonSchema())],
    ["docs/reference/json.md", jsonPage()],
    ["docs/reference/errors.md", errorsPage()],
    ["docs/reference/metrics.md", metricsPage()],
    ["docs/reference/cli.md", await cliPage()],
    ["RELIABILITY.md", reliabilityPage()],
    ["BENCHMARKS.md", benchmarksPage()],
  ]);
}
