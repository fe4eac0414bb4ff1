import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/config/assemble.ts";
import { choosePipeline, loadConfig } from "../../src/config/load.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { aWorkplace, tables } from "./a-workplace.ts";

interface Report {
  readonly format_version: number;
  readonly pipeline: string | null;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly message: string; readonly remedy?: string }[];
}

const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report;
const failedIn = (stdout: string): readonly string[] =>
  reportIn(stdout)
    .checks.filter(({ status }) => status === "failed")
    .map(({ name }) => name);

test("a workplace where all is well: every check has a line, the sums stand last, and nothing is left behind", async () => {
  const { cwd, exported, run, sandbox } = await aWorkplace();
  await exported(tables(1, 2));
  const { code, stdout, stderr } = await run("doctor");

  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("Pipeline sales");
  expect(lines[1]).toBe(`  ✓ config                ${join(cwd, "tidemark.yaml")} is valid.`);
  expect(stdout).toContain("  ✓ glue:GetTables        Allowed.\n");
  expect(stdout).toContain("  – glue:UpdateTable      Not probed: --probe-writes asks for it");
  expect(stdout).toContain(`  – credentials           Not asked: ${sandbox.url} is not AWS's`);
  expect(lines.at(-2)).toBe("Nothing failed, 8 not asked, 12 fine");
  expect((await readdir(cwd)).toSorted()).toEqual(["exports", "tidemark.yaml"]);
  expect(sandbox.counts().writes).toBe(0);
});

test("a refused permission fails with its way out, for people and as JSON", async () => {
  const { exported, run, sandbox } = await aWorkplace();
  await exported(tables(1, 2));
  sandbox.fault({ fault: "access_denied", operation: "GetTables", times: "always" });

  const shown = await run("doctor");
  expect([shown.code, shown.stderr]).toEqual([1, ""]);
  expect(shown.stdout).toContain("  ✗ glue:GetTables        glue:GetTables is refused: AccessDeniedException");
  expect(shown.stdout).toContain("Allow glue:GetTables to the caller");
  expect(shown.stdout.split("\n").at(-2)).toMatch(/^1 failed, /);

  const { code, stdout } = await run("doctor", "--json");
  expect([code, reportIn(stdout).format_version, reportIn(stdout).pipeline]).toEqual([1, 1, "sales"]);
  expect(failedIn(stdout)).toEqual(["glue:GetTables"]);
  for (const check of reportIn(stdout).checks) {
    expect(Object.keys(check).filter((key) => !["name", "status", "message", "remedy"].includes(key))).toEqual([]);
  }
});

test("a configuration with a mistake is a check that failed, with file, line and key", async () => {
  const { cwd, run } = await aWorkplace({}, "sync_strategies: { batch_sise: 3 }\n");
  const { code, stdout } = await run("doctor", "--json");

  expect([code, reportIn(stdout).pipeline, failedIn(stdout)]).toEqual([1, null, ["config"]]);
  expect(reportIn(stdout).checks[0]?.message).toMatch(/^tidemark\.yaml:5:\d+: sync_strategies\.batch_sise is not a known key/);
  await rm(join(cwd, "tidemark.yaml"));
  expect(failedIn((await run("doctor", "--json")).stdout)).toEqual(["config"]);
});

test("an endpoint that does not answer ends it with 9, and the rest is told as not asked", async () => {
  const { exported, run, sandbox } = await aWorkplace();
  await exported(tables(1, 1));
  await sandbox.close();
  const { code, stdout } = await run("doctor", "--json", "--probe-writes");

  expect([code, failedIn(stdout)]).toEqual([9, ["endpoint"]]);
});

test("a damaged state is told with exit code 6", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 3));
  await run("sync");
  expect((await run("doctor")).stdout).toContain("The state is intact: generation 1 with 3 checkpoints.");
  await truncate(join(cwd, "checkpoints", "sales", "state.db"), 8192);
  const { code, stdout } = await run("doctor", "--json");

  expect([code, failedIn(stdout)]).toEqual([6, ["state"]]);
});

test("a file in the place of the state's folder is told with exit code 7", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 1));
  await writeFile(join(cwd, "checkpoints"), "");
  const { code, stdout } = await run("doctor", "--json");

  expect(code).toBe(7);
  expect(failedIn(stdout)).toEqual(["store"]);
});

test("a lease that another holds is a warning that says who", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 1));
  await mkdir(join(cwd, "checkpoints"), { recursive: true });
  const config = await loadConfig({ cwd, env: { GLUE: "http://127.0.0.1:1" } });
  const store = await openStore(choosePipeline(config, undefined));
  await using _lease = await store.acquire();
  const { code, stdout } = await run("doctor", "--json");

  expect(code).toBe(0);
  expect(reportIn(stdout).checks.find(({ name }) => name === "lease")).toMatchObject({
    status: "warning",
    message: expect.stringContaining(`Process ${process.pid} on `) as unknown,
  });
});

test("--iam-policy prints a policy document and nothing else, with nobody asked", async () => {
  const { run, sandbox } = await aWorkplace();
  const { code, stdout, stderr } = await run("doctor", "--iam-policy");

  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({
    Version: "2012-10-17",
    Statement: [{ Sid: "TidemarkTargetLists" }, { Sid: "TidemarkTargetReads" }, { Sid: "TidemarkTargetWrites", Effect: "Allow" }],
  });
  expect(stdout).toContain('"arn:aws:glue:eu-central-1:*:database/dsp_*"');
  expect(JSON.parse((await run("doctor", "--iam-policy", "--json")).stdout)).toEqual({
    format_version: 1,
    policy: JSON.parse(stdout) as object,
  });
  expect(sandbox.counts().calls).toBe(0);
});

/** Something that answers like a service of AWS, on this machine. */
async function aService(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::123456789012:assumed-role/catalog/tidemark</Arn><UserId>A:tidemark</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

const settings = (...principals: readonly string[]): object => ({
  DataLakeSettings: {
    CreateDatabaseDefaultPermissions: principals.map((name) => ({
      Principal: { DataLakePrincipalIdentifier: name },
      Permissions: ["ALL"],
    })),
    CreateTableDefaultPermissions: principals.map((name) => ({ Principal: { DataLakePrincipalIdentifier: name }, Permissions: ["ALL"] })),
  },
});

/** Runs against an account of AWS, as far as the SDK can tell: its endpoints are named by the environment. */
async function atAws(sts: RequestListener, lakeFormation: RequestListener): Promise<{ readonly code: number; readonly report: Report }> {
  const [{ sandbox }, cwd] = [await aGlueSandbox(), await temporaryFolder()];
  await mkdir(join(cwd, "exports", "SALES"), { recursive: true });
  await writeFile(join(cwd, "exports", "SALES", "all.json"), '{"definitions":{}}');
  const pipeline = { name: "sales", source: { type: "csn", path: "exports" }, target: { type: "glue", region: "eu-central-1" } };
  await writeFile(join(cwd, "tidemark.json"), JSON.stringify({ pipelines: [pipeline] }));
  const { code, stdout } = await runCli(["doctor", "--json"], {
    cwd,
    env: {
      AWS_ENDPOINT_URL_GLUE: sandbox.url,
      AWS_ENDPOINT_URL_STS: await aService(sts),
      AWS_ENDPOINT_URL_LAKEFORMATION: await aService(lakeFormation),
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  });
  return { code, report: reportIn(stdout) };
}

const checkIn = ({ checks }: Report, name: string): object | undefined => checks.find((check) => check.name === name);
const says = (status: number, body: string): RequestListener => {
  return (_request, response) =>
    void response.writeHead(status, { "content-type": status === 200 && body.startsWith("<") ? "text/xml" : "application/json" }).end(body);
};

test("at AWS, the caller is named, and an account that leaves new tables to IAM is fine", async () => {
  const { code, report } = await atAws(says(200, CALLER), says(200, JSON.stringify(settings("IAM_ALLOWED_PRINCIPALS"))));

  expect(code).toBe(0);
  expect(checkIn(report, "credentials")).toMatchObject({
    status: "ok",
    message: "The caller is arn:aws:sts::123456789012:assumed-role/catalog/tidemark.",
  });
  expect(checkIn(report, "lake_formation")).toMatchObject({ status: "ok" });
});

test("an account where Lake Formation governs new tables gets a warning, and one that keeps its settings to itself none", async () => {
  const governed = await atAws(says(200, CALLER), says(200, JSON.stringify(settings())));
  const closed = await atAws(says(200, CALLER), says(400, JSON.stringify({ __type: "AccessDeniedException", Message: "no" })));

  expect([governed.code, closed.code]).toEqual([0, 0]);
  expect(checkIn(governed.report, "lake_formation")).toMatchObject({
    status: "warning",
    remedy: expect.stringContaining("Grant") as unknown,
  });
  expect(checkIn(closed.report, "lake_formation")).toMatchObject({
    status: "skipped",
    message: expect.stringContaining("lakeformation:GetDataLakeSettings") as unknown,
  });
});

test("credentials that AWS does not take fail with 9, before Glue is asked", async () => {
  const refusal = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  const { code, report } = await atAws(says(403, refusal), says(500, ""));

  expect(code).toBe(9);
  expect(checkIn(report, "credentials")).toMatchObject({ status: "failed", message: expect.stringContaining("expired") as unknown });
  expect(checkIn(report, "endpoint")).toMatchObject({ status: "skipped" });
});
