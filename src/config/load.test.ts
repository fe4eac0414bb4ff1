import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TidemarkError } from "../model/errors.ts";
import { choosePipeline, type Config, loadConfig } from "./load.ts";
import { shownConfig } from "./show.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "tidemark-config-"));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

const smallest = `pipelines:
  - name: sales
    source: { type: csn, path: ./exports }
    target: { type: glue, region: eu-central-1 }
`;

async function load(text: string, env: { readonly [name: string]: string } = {}): Promise<Config> {
  await writeFile(join(cwd, "tidemark.yaml"), text);
  return await loadConfig({ cwd, env });
}

async function failureOf(work: Promise<unknown>): Promise<TidemarkError> {
  return await work.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error as TidemarkError,
  );
}

async function complaints(text: string, env: { readonly [name: string]: string } = {}): Promise<readonly string[]> {
  const error = await failureOf(load(text, env));
  expect(error.code).toBe("config_invalid");
  return error.message.split("\n");
}

test("the smallest file gets every default of the reference", async () => {
  const { pipelines } = await load(smallest);

  expect(pipelines).toEqual([
    {
      name: "sales",
      source: { type: "csn", path: join(cwd, "exports") },
      target: { type: "glue", region: "eu-central-1" },
      change_detection: {
        hash_algorithm: "sha256",
        content_hash_enabled: true,
        schema_hash_enabled: true,
        metadata_hash_enabled: true,
        ignore_fields: ["last_modified", "sync_timestamp"],
        case_sensitive: true,
        normalize_whitespace: true,
      },
      sync_strategies: {
        full_sync_threshold: 0.7,
        delta_sync_enabled: true,
        metadata_only_threshold: 0.1,
        batch_size: 100,
        parallel_processing: true,
        max_parallel_jobs: 10,
      },
      checkpoint_management: {
        storage_type: "sqlite",
        path: join(cwd, "checkpoints"),
        url: null,
        schema: "tidemark",
        backup_enabled: true,
        backup_retention_days: 30,
        compression_enabled: true,
        memory_cache_enabled: true,
        cleanup_interval_hours: 24,
      },
      retry: { attempts: 5, base_ms: 200, max_ms: 20_000 },
      deletion: { max_count: 5, max_share: 0.1, grace_runs: 0 },
      conflicts: { description: "target_wins", comments: "target_wins", structure: "source_wins", overrides: [] },
      renames: "show",
      openlineage: { file: null, url: null, api_key: null, namespace: "tidemark", source_namespace: null, target_namespace: null },
      owners: {},
      stewards: {},
      tags: {},
    },
  ]);
});

test("a pipeline's section wins over the file's key by key", async () => {
  const { pipelines } = await load(`${smallest}    retry: { attempts: 9 }
    owners: { SALES.Orders: Order Management }
    renames: carry
retry: { attempts: 2, base_ms: 50 }
owners: { SALES: Sales }
renames: show
`);

  expect(pipelines[0]).toMatchObject({
    retry: { attempts: 9, base_ms: 50, max_ms: 20_000 },
    owners: { SALES: "Sales", "SALES.Orders": "Order Management" },
    renames: "carry",
  });
});

test("policies for conflicts may be overridden by asset pattern and field", async () => {
  const { pipelines } = await load(`${smallest}conflicts:
  comments: merge
  overrides:
    - { assets: SALES.*, fields: comments, policy: hold }
    - { fields: /schema/columns/*/type, policy: target_wins }
    - { assets: HR.*, policy: source_wins }
`);
  expect(pipelines[0]?.conflicts).toEqual({
    description: "target_wins",
    comments: "merge",
    structure: "source_wins",
    overrides: [
      { assets: "SALES.*", fields: "comments", policy: "hold" },
      { fields: "/schema/columns/*/type", policy: "target_wins" },
      { assets: "HR.*", policy: "source_wins" },
    ],
  });
  expect(
    await complaints(
      `${smallest}conflicts: { overrides: [{ fields: comment, policy: hold }, { assets: SALES.* }, { asset: A.B, policy: hold }] }`,
    ),
  ).toEqual([
    expect.stringMatching(/conflicts\.overrides\[0\]\.fields: must be description, comments, structure or a path such as/),
    expect.stringMatching(/conflicts\.overrides\[1\]\.policy: is missing/),
    expect.stringMatching(/conflicts\.overrides\[2\]\.asset is not a known key.*assets/),
  ]);
});

test("a section with nothing written under it counts as not written", async () => {
  const { pipelines } = await load(`${smallest}owners:\n  # SALES: Sales\nretry:\n`);

  expect(pipelines[0]).toMatchObject({ owners: {}, retry: { attempts: 5 } });
});

test("JSON is read as well, whatever it is indented with", async () => {
  const file = join(cwd, "tidemark.json");
  const target = { type: "glue", region: "eu-central-1" };
  await writeFile(file, JSON.stringify({ pipelines: [{ name: "sales", source: { type: "csn", path: "x" }, target }] }, null, "\t"));

  expect((await loadConfig({ cwd, env: {} })).pipelines[0]).toMatchObject({ name: "sales", source: { path: join(cwd, "x") } });
});

test("paths resolve against the folder of the file, not against the working directory", async () => {
  await writeFile(join(cwd, "other.yaml"), smallest);

  const { pipelines } = await loadConfig({ file: join(cwd, "other.yaml"), cwd: "/", env: {} });

  expect(pipelines[0]).toMatchObject({
    source: { path: join(cwd, "exports") },
    checkpoint_management: { path: join(cwd, "checkpoints") },
  });
});

test("no file, two files and an unreadable file each say what to do", async () => {
  const none = await failureOf(loadConfig({ cwd, env: {} }));
  const named = await failureOf(loadConfig({ file: "absent.yaml", cwd, env: {} }));
  await writeFile(join(cwd, "tidemark.json"), "{}");
  const two = await failureOf(load(smallest));

  expect([none.code, named.code, two.code]).toEqual(["config_missing", "config_missing", "config_missing"]);
  expect(none.remedy).toContain("tidemark init");
  expect(named.message).toContain(join(cwd, "absent.yaml"));
  expect(two.message).toContain("both tidemark.yaml and tidemark.json");
});

test("every mistake is named with its line, column and key, in the order of the file", async () => {
  const text = `pipelines:
  - name: a b
    source: { type: csx, pth: 1 }
    target:
      type: glue
      regoin: eu-central-1
      catalog_id: 12345
      strings: varchr
      endpoint: localhost
  - name: x
    source: { type: csn }
    target: { type: glue, batch_size: 3 }
retry: { attempts: x, base_ms: -1 }
deletion: { max_share: 1.5 }
batch_size: 3
tags: { SALES: finance }
change_detection: []
nonsense: 1
`;

  expect(await complaints(text)).toEqual([
    "tidemark.yaml:2:11: pipelines[0].name: a pipeline's name is made of letters, digits, _ and -",
    'tidemark.yaml:3:21: pipelines[0].source.type: must be one of "csn", "datasphere", "glue", but is "csx"; did you mean "csn"?',
    'tidemark.yaml:6:7: pipelines[0].target.regoin is not a known key; did you mean "region"?',
    "tidemark.yaml:7:19: pipelines[0].target.catalog_id: must be a text, but is 12345; put it in quotes",
    'tidemark.yaml:8:16: pipelines[0].target.strings: must be one of "varchar", "string", but is "varchr"; did you mean "varchar"?',
    'tidemark.yaml:9:17: pipelines[0].target.endpoint: must be a URL such as "http://127.0.0.1:4566"',
    "tidemark.yaml:11:13: pipelines[1].source.path: is missing",
    "tidemark.yaml:12:27: pipelines[1].target.batch_size is not a known key; it belongs under sync_strategies",
    'tidemark.yaml:13:20: retry.attempts: must be a number, but is "x"',
    "tidemark.yaml:13:32: retry.base_ms: must be at least 0, but is -1",
    "tidemark.yaml:14:24: deletion.max_share: must be at most 1, but is 1.5",
    "tidemark.yaml:15:1: batch_size is not a known key; it belongs under sync_strategies",
    'tidemark.yaml:16:16: tags.SALES: must be a list, but is "finance"',
    "tidemark.yaml:17:19: change_detection: must be a mapping of keys, but is a list",
    expect.stringMatching(
      /^tidemark\.yaml:18:1: nonsense is not a known key; known are \$schema, pipelines, change_detection, /,
    ) as unknown as string,
  ]);
});

test.each([
  ["an empty file", "", "1:1: the configuration is empty"],
  ["only comments", "# nothing\n", "1:1: the configuration is empty"],
  ["a list", "- a\n", "1:1: the configuration: must be a mapping of keys, but is a list"],
  ["no pipeline", "pipelines: []\n", "1:12: pipelines: names no pipeline"],
  ["the same key twice", `${smallest}retry: {}\nretry: {}\n`, "6:1: Map keys must be unique"],
  ["an unclosed bracket", "pipelines: [\n", "2:1: Flow sequence"],
  ["an unquoted reference in braces", "retry: { attempts: ${N} }\n", 'a reference stands in quotes: "${NAME}"'],
])("%s is refused with its place", async (_what, text, complaint) => {
  expect((await complaints(text)).join("\n")).toContain(complaint);
});

test("two pipelines whose names differ in case only are refused, because they would share a folder", async () => {
  const text = `${smallest}${smallest.slice("pipelines:\n".length).replace("sales", "Sales")}`;

  expect(await complaints(text)).toEqual([
    'tidemark.yaml:5:11: pipelines[1].name: "Sales" is the name of pipelines[0] already; names differ in more than case',
  ]);
});

test("references take texts, numbers and yes/no from the environment, and defaults where it has none", async () => {
  const text = `pipelines:
  - name: sales
    source: { type: csn, path: "./\${FOLDER}/\${SUB:-all}" }
    target:
      type: glue
      region: \${REGION:-eu-central-1}
      catalog_id: \${ACCOUNT}
      skip_archive: \${SKIP}
owners: { SALES: "$\${not_a_reference}" }
sync_strategies: { max_parallel_jobs: "\${JOBS}", full_sync_threshold: "\${SHARE}" }
`;

  const { pipelines } = await load(text, { FOLDER: "in", ACCOUNT: "012345678901", SKIP: "false", JOBS: "4", SHARE: "0.5", REGION: "" });

  expect(pipelines[0]).toMatchObject({
    source: { path: join(cwd, "in", "all") },
    target: { region: "eu-central-1", catalog_id: "012345678901", skip_archive: false },
    sync_strategies: { max_parallel_jobs: 4, full_sync_threshold: 0.5 },
    owners: { SALES: "${not_a_reference}" },
  });
});

test("a missing variable is an error at its place, and so is what only looks like a reference", async () => {
  const text = smallest.replace("./exports", '"${FOLDER}"').replace("eu-central-1", '"${1ST}"');

  expect(await complaints(text)).toEqual([
    "tidemark.yaml:3:32: the environment has no variable FOLDER; set it, or write ${FOLDER:-default}",
    "tidemark.yaml:4:35: ${ begins a reference such as ${NAME} or ${NAME:-default}; write $${ for the two characters themselves",
  ]);
});

test("a value from the environment cannot change the structure of the file, nor is it read for references again", async () => {
  const hostile = 'x }\n    target: { type: glue, region: evil } # ${HOME} "';
  const text = smallest.replace("./exports", '"${FOLDER}"');

  const { pipelines } = await load(text, { FOLDER: hostile });

  expect(pipelines).toHaveLength(1);
  expect(pipelines[0]?.source).toMatchObject({ path: join(cwd, hostile) });
});

test.each([
  ["database_prefix: dsp_, database: '{space}'", "target.database_prefix: has no place in the template `database`; write {prefix} there"],
  ["table: '{space}'", "target.table: must be {name}, and {space}, letters, digits and _ only"],
  ["database: '{spaces}'", "target.database: must be {prefix}, {space}, letters, digits and _ only"],
  ["types: { cds.String: varchar }", "target.types.cds.String: must be a type of Hive in lower case without blanks, such as char(36)"],
  ["role: { arn: catalog }", 'target.role.arn: must be the ARN of a role, such as "arn:aws:iam::123456789012:role/catalog"'],
  ["role: { external: x }", "target.role.arn: is missing"],
  ["proxy: proxy.example.com", 'target.proxy: must be a URL such as "http://proxy.example.com:3128"'],
])("a target with %s is refused at its place", async (keys, complaint) => {
  const [first] = await complaints(smallest.replace("region: eu-central-1", keys));
  expect(first).toContain(`pipelines[0].${complaint}`);
});

test("a target takes names, types, tags, a role and a proxy as they are written", async () => {
  const keys = `database: "{space}_raw", table: "sap_{name}", types: { cds.UUID: char(36) }, database_tags: { team: data }, role: { arn: "arn:aws:iam::123456789012:role/catalog", external_id: x }, proxy: "http://\${LOGIN}@proxy:3128"`;
  const config = await load(smallest.replace("region: eu-central-1", keys), { LOGIN: "ann:canary" });
  expect(config.pipelines[0]?.target).toMatchObject({
    types: { "cds.UUID": "char(36)" },
    role: { external_id: "x" },
    proxy: "http://ann:canary@proxy:3128",
  });
  expect(JSON.stringify(shownConfig(config, undefined))).not.toContain("canary");
});

test.each([
  ["true", true],
  ["unless_schema", "unless_schema"],
])("where a word or a yes/no may stand, %s from the environment is what it says", async (SKIP, skip_archive) => {
  const config = await load(smallest.replace("region: eu-central-1", 'skip_archive: "${SKIP}"'), { SKIP });
  expect(config.pipelines[0]?.target).toMatchObject({ skip_archive });
});

test("a reference behind an anchor is followed once, wherever the anchor is used", async () => {
  const text = `${smallest}    retry: &again { attempts: "\${N}" }\nretry: *again\n`;

  expect((await load(text, { N: "7" })).pipelines[0]?.retry.attempts).toBe(7);
});

test("a wrong value from the environment is not shown, only its reference", async () => {
  const text = `${smallest}sync_strategies: { max_parallel_jobs: "\${JOBS}" }\n`;

  expect(await complaints(text, { JOBS: "hunter2" })).toEqual([
    "tidemark.yaml:5:39: sync_strategies.max_parallel_jobs: must be a number, but is ${JOBS}",
  ]);
});

test("what is shown of a configuration has every default, and a reference wherever the environment gave the value", async () => {
  const text = `${smallest.replace("./exports", '"/data/${FOLDER}"')}checkpoint_management: { url: "\${PG}" }\nretry: { attempts: "\${N}" }\n`;
  const config = await load(text, { FOLDER: "canary-1", PG: "canary-2", N: "3" });

  const shown = shownConfig(config, "sales");

  expect(shown).toMatchObject({
    pipelines: [
      {
        source: { path: "/data/${FOLDER}" },
        checkpoint_management: { url: "${PG}", storage_type: "sqlite" },
        retry: { attempts: "${N}", base_ms: 200 },
      },
    ],
  });
  expect(JSON.stringify(shown)).not.toContain("canary");
});

test("among several pipelines one must be named, and a mistyped name gets a suggestion", async () => {
  const config = await load(`${smallest}${smallest.slice("pipelines:\n".length).replace("sales", "people")}`);

  const unnamed = await failureOf(Promise.resolve().then(() => choosePipeline(config, undefined)));
  const mistyped = await failureOf(Promise.resolve().then(() => choosePipeline(config, "peple")));

  expect(choosePipeline(config, "people").name).toBe("people");
  expect([unnamed.code, mistyped.code]).toEqual(["usage", "usage"]);
  expect(unnamed.message).toBe("There are several pipelines: sales, people.");
  expect(mistyped.message).toBe('There is no pipeline "peple"; did you mean "people"?');
});
