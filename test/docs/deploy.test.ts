import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { iamPolicy } from "../../src/config/doctor/iam-policy.ts";
import { DEFAULTS } from "../../src/config/sections.ts";
import { checkConfig } from "../../src/config/check.ts";
import { parseConfig } from "../../src/config/document.ts";
import { notice } from "../helpers/notice.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { root } from "./page.ts";

const run = promisify(execFile);
const read = (path: string): string => readFileSync(join(root, "deploy", path), "utf8");

test("the units are those that systemd takes, and a mistyped setting in one would be found", async () => {
  const [units, folder] = [["tidemark.service", "tidemark.timer"], await temporaryFolder()];
  const verify = (paths: readonly string[]) => run("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", ...paths]);
  try {
    const { stderr } = await verify(units.map((unit) => join(root, "deploy/systemd", unit)));
    expect(stderr).toBe("");
    await writeFile(join(folder, "tidemark.service"), read("systemd/tidemark.service").replace("ExecStart=", "ExecStrat="));
    const said = await verify([join(folder, "tidemark.service")]).catch((error: unknown) => error as { readonly stderr: string });
    expect(said.stderr).toContain("ExecStrat");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    notice("systemd-analyze is not here: the units were not verified.");
  }
});

test("the CronJob runs one sync at a time, as nobody in particular, with a state that outlives it", () => {
  const documents = parseAllDocuments(read("kubernetes/cronjob.yaml")).map((document) => document.toJS() as { readonly kind: string });
  const job = documents.find(({ kind }) => kind === "CronJob") as unknown as CronJob;
  const map = documents.find(({ kind }) => kind === "ConfigMap") as unknown as { readonly data: Record<string, string> };
  const pod = job.spec.jobTemplate.spec.template.spec;

  expect(job.spec.concurrencyPolicy).toBe("Forbid");
  expect(pod).toMatchObject({ restartPolicy: "Never", securityContext: { runAsNonRoot: true } });
  expect(pod.containers[0]).toMatchObject({ securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } });
  const mounted = pod.containers[0]?.volumeMounts.map(({ name }) => name);
  expect(pod.volumes.map(({ name }) => name)).toEqual(mounted);
  expect(documents.map(({ kind }) => kind)).toEqual(["PersistentVolumeClaim", "ConfigMap", "CronJob"]);
  const config = checkConfig(parseConfig(map.data["tidemark.yaml"] ?? "", { DSP_CLIENT_ID: "id", DSP_CLIENT_SECRET: "secret" }));
  expect(config).toMatchObject({ ok: true, config: { checkpoint_management: { path: "/state" } } });
  expect(mounted).toContain("state");
});

test.for([
  [2, "**There are changes.**", 0],
  [0, "**Nothing to do.**", 0],
  [4, "**The guard would refuse it.**", 4],
  [9, "**The plan failed with exit code 9.**", 9],
] as const)(
  "the action makes a comment of a plan that ends with %i, in which no name breaks out of its fence",
  async ([code, said, end]) => {
    const steps = (parse(read("github/plan-on-pull-request.yml")) as Workflow).jobs.plan.steps;
    const step = (name: string): string => steps.find((one) => one.name === name)?.run ?? "";
    const folder = await temporaryFolder();
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin/tidemark"), `#!/bin/sh\nprintf '~~~~~~~~~~\\n+ SALES.Orders\\n'\nexit ${code}\n`);
    await chmod(join(folder, "bin/tidemark"), 0o755);
    const env = { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, GITHUB_OUTPUT: join(folder, "output") };

    await run("bash", ["-eo", "pipefail", "-c", step("Plan")], { cwd: folder, env });
    const failed = await run("bash", ["-eo", "pipefail", "-c", step("Fail where the plan failed")], {
      env: { ...env, CODE: String(code) },
    }).then(
      () => 0,
      (error: unknown) => (error as { readonly code: number }).code,
    );

    const comment = await readFile(join(folder, "comment.md"), "utf8");
    expect(comment.split("\n").slice(0, 6)).toEqual(["<!-- tidemark plan -->", said, "", "~~~~~~~~~~text", "----------", "+ SALES.Orders"]);
    expect(comment.match(/^~~~~~~~~~~/gm)).toHaveLength(2);
    expect(await readFile(join(folder, "output"), "utf8")).toBe(`code=${code}\n`);
    expect(failed).toBe(end);
  },
);

test("the policy for AWS is what doctor prints", () => {
  const target = { type: "glue", region: "eu-central-1", catalog_id: "123456789012", database_prefix: "dsp_" } as const;
  const policy = iamPolicy({ ...DEFAULTS, name: "sales", source: { type: "csn", path: "/exports" }, target }, {});

  expect(JSON.parse(read("aws/policy.json"))).toEqual(policy);
});

test("the ECS task takes its secrets from the store for secrets, and mounts what it names", () => {
  const definition = JSON.parse(read("aws/ecs-task-definition.json")) as TaskDefinition;
  const [container] = definition.containerDefinitions;

  expect(container?.mountPoints.map(({ sourceVolume }) => sourceVolume)).toEqual(definition.volumes.map(({ name }) => name));
  expect(container?.secrets.every(({ valueFrom }) => valueFrom.startsWith("arn:aws:secretsmanager:"))).toBe(true);
  expect(container).not.toHaveProperty("environment");
});

test("the image runs as nobody in particular, and its commands are scripts that there are", () => {
  const dockerfile = read("Dockerfile");
  const scripts = [...dockerfile.matchAll(/node (scripts\/\S+)/g)].map(([, script = ""]) => script);

  expect(dockerfile).toMatch(/^USER node$/m);
  expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(["node:24-slim", "node:24-slim"]);
  expect(scripts).toEqual(["scripts/build.ts"]);
  for (const script of scripts) expect(() => readFileSync(join(root, script))).not.toThrow();
});

test.for([
  "Dockerfile",
  "README.md",
  "aws/README.md",
  "kubernetes/cronjob.yaml",
  "github/plan-on-pull-request.yml",
  "systemd/tidemark.service",
])("%s says at its top what was not run", (path) => {
  expect(read(path).split("\n").slice(0, 8).join("\n")).toMatch(/not (built|run|applied)/i);
});

interface CronJob {
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } };
  };
}

interface Pod {
  readonly volumes: readonly { readonly name: string }[];
  readonly containers: readonly { readonly args: readonly string[]; readonly volumeMounts: readonly { readonly name: string }[] }[];
}

interface Workflow {
  readonly jobs: { readonly plan: { readonly steps: readonly { readonly name?: string; readonly run?: string }[] } };
}

interface TaskDefinition {
  readonly volumes: readonly { readonly name: string }[];
  readonly containerDefinitions: readonly {
    readonly mountPoints: readonly { readonly sourceVolume: string }[];
    readonly secrets: readonly { readonly valueFrom: string }[];
  }[];
}
