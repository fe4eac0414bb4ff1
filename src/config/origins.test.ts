import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { loadConfig } from "./load.ts";
import { configOrigins } from "./origins.ts";
import { shownConfig } from "./show.ts";

const text = `retry: { attempts: "\${N:-4}", base_ms: "\${BASE}" }
sync_strategies: { batch_size: "\${BASE}", max_parallel_jobs: 3 }
tags: { SALES: [gold, "\${TAG}", "$\${plain}"] }
pipelines:
  - name: sales
    source: { type: csn, path: ./exports }
    target: { type: glue, region: "\${REGION}" }
    sync_strategies: { batch_size: 50 }
    conflicts:
      overrides: [{ assets: "SALES.*", policy: source_wins }]
    openlineage:
      api_key: written-canary
`;
const env = { BASE: "222", N: "", TAG: "canary-tag", REGION: "canary-region" };

test("each setting tells its line, the variables that gave it, or that it is a default, and no secret", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "tidemark.yaml"), text);
  const config = await loadConfig({ cwd, env });

  const [sales] = configOrigins(config, "sales", env);
  const told = new Map(sales?.settings.map(({ setting, ...rest }) => [setting, rest]));

  expect(Object.fromEntries(["source.path", "sync_strategies.batch_size"].map((name) => [name, told.get(name)]))).toEqual({
    "source.path": { value: join(cwd, "exports"), from: "file", line: 6 },
    "sync_strategies.batch_size": { value: 50, from: "file", line: 8 },
  });
  expect(told.get("sync_strategies.max_parallel_jobs")).toEqual({ value: 3, from: "file", line: 2 });
  expect(told.get("retry.attempts")).toEqual({ value: "${N:-4}", from: "file", line: 1 });
  expect(told.get("retry.base_ms")).toEqual({ value: "${BASE}", from: "environment", line: 1, variables: ["BASE"] });
  expect(told.get("retry.max_ms")).toEqual({ value: 20_000, from: "default" });
  expect(told.get("target.region")).toEqual({ value: "${REGION}", from: "environment", line: 7, variables: ["REGION"] });
  expect(told.get("tags.SALES")).toEqual({
    value: ["gold", "${TAG}", "$${plain}"],
    from: "environment",
    line: 3,
    variables: ["TAG"],
  });
  expect(told.get("conflicts.overrides[0].policy")).toEqual({ value: "source_wins", from: "file", line: 10 });
  expect(told.get("openlineage.api_key")).toEqual({ value: "[secret]", from: "file", line: 12 });
  expect(told.get("checkpoint_management.path")).toEqual({ value: join(cwd, "checkpoints"), from: "default" });
  expect(JSON.stringify([...told])).not.toContain("canary");
});

test("a pipeline's own value is shown as it is where the file's, which it overrides, comes from the environment", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "tidemark.yaml"), text);
  const config = await loadConfig({ cwd, env });

  expect(shownConfig(config, undefined)).toMatchObject({ pipelines: [{ sync_strategies: { batch_size: 50, max_parallel_jobs: 3 } }] });
});
