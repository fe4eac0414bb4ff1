import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startDatasphereSandbox } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";

const SECRET = "canary-secret-4711$x=";

/** A secret as it would be recognised however somebody wrote it down. */
function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text inside another depends on where it begins: the middle is the same at one of three offsets.
  const middles = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString("hex"), ...middles];
}

test("no command says or keeps a secret or a token, whether the login works or not", async () => {
  const tenant = await startDatasphereSandbox({ assets: 12, requestsPerMinute: null, clientSecret: SECRET });
  onTestFinished(() => tenant.close());
  const { sandbox: glue } = await aGlueSandbox();
  const folder = mkdtempSync(join(tmpdir(), "tidemark-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const secretsFile = join(folder, "secrets.json");
  writeFileSync(
    secretsFile,
    JSON.stringify([{ client_id: tenant.clientId, client_secret: SECRET, tenantUrl: tenant.url, token_url: tenant.tokenUrl }]),
  );
  const target = { type: "glue", region: "eu-central-1", endpoint: glue.url, database_prefix: "dsp_" };
  const pipeline = (name: string, auth: object): object => ({
    name,
    source: { type: "datasphere", url: tenant.url, auth },
    target: { ...target, database_prefix: `${name}_` },
  });
  const config = {
    pipelines: [
      pipeline("good", { client_id: tenant.clientId, client_secret: SECRET }),
      pipeline("env", { client_id: tenant.clientId, client_secret: "${CANARY}" }),
      pipeline("basic", { client_id: tenant.clientId, client_secret: SECRET, method: "basic" }),
      pipeline("file", { secrets_file: "./secrets.json" }),
      pipeline("bad", { client_id: "unknown", client_secret: SECRET }),
    ],
  };
  writeFileSync(join(folder, "tidemark.json"), JSON.stringify(config));
  const outputs: string[] = [];
  const codes: (readonly [command: string, code: number])[] = [];
  const run = async (...args: readonly string[]): Promise<void> => {
    const { stdout, stderr, code } = await runCli(args, { cwd: folder, env: { CANARY: SECRET } });
    outputs.push(stdout, stderr);
    codes.push([args.join(" "), code]);
  };
  for (const name of ["good", "env", "basic", "file", "bad"]) {
    for (const command of [["plan"], ["sync"], ["status"]]) {
      await run(...command, "--pipeline", name, "-v");
      await run(...command, "--pipeline", name, "--json");
    }
  }
  tenant.fault({ fault: "html", operation: "token", times: "always" });
  await run("sync", "--pipeline", "good", "-v");
  tenant.clearFaults();
  tenant.fault({ fault: "unauthorized", operation: "list_objects", times: "always" });
  await run("sync", "--pipeline", "good", "--json", "-v");
  await run("config", "show");
  await run("config", "show", "--json");

  expect(codes.filter(([command]) => command.includes("sync") && !command.includes("bad")).map(([, code]) => code)).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 1, 8,
  ]);
  expect(codes.filter(([command]) => command.includes("sync") && command.includes("bad")).map(([, code]) => code)).toEqual([1, 1]);
  const kept = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !["tidemark.json", "secrets.json"].includes(entry.name)
      ? [readFileSync(join(entry.parentPath, entry.name), "latin1")]
      : [],
  );
  expect(kept.length).toBeGreaterThan(3);
  for (const text of [...outputs, ...kept]) {
    for (const spelling of spellings(SECRET)) expect(text).not.toContain(spelling);
    expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  }
});

test("a log file with every request of every end has no secret of any, and neither has what -vv tells", async () => {
  const tenant = await startDatasphereSandbox({ assets: 12, requestsPerMinute: null, clientSecret: SECRET });
  onTestFinished(() => tenant.close());
  const { sandbox: glue } = await aGlueSandbox();
  const folder = mkdtempSync(join(tmpdir(), "tidemark-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipeline = (name: string, auth: object, further: object = {}): object => ({
    name,
    source: { type: "datasphere", url: tenant.url, auth: { client_id: tenant.clientId, client_secret: "${CANARY}", ...auth } },
    target: { type: "glue", region: "eu-central-1", endpoint: glue.url, database_prefix: `${name}_` },
    ...further,
  });
  const pipelines = [
    pipeline("good", {}),
    pipeline("bad", { client_id: "unknown" }),
    // Nobody listens there: what is said of it must not name what it was called with.
    pipeline("database", {}, { checkpoint_management: { storage_type: "postgres", url: "${DATABASE}" } }),
  ];
  writeFileSync(join(folder, "tidemark.json"), JSON.stringify({ pipelines }));
  const env = {
    CANARY: SECRET,
    AWS_ACCESS_KEY_ID: "AKIDCANARY",
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: SECRET,
    PGPASSWORD: SECRET,
    DATABASE: `postgres://tidemark:${encodeURIComponent(SECRET)}@127.0.0.1:1/state`,
  };
  const runs = await Promise.all(
    ["good", "bad", "database"].map((name) => runCli(["sync", "--pipeline", name, "-vv", "--log-file", "all.log"], { cwd: folder, env })),
  );
  const log = readFileSync(join(folder, "all.log"), "utf8");

  expect(runs.map(({ code }) => code)).toEqual([0, 1, 7]);
  for (const what of ["POST /oauth/token", "GET /dwaas-core/api/v1/spaces", "CreateTable good_"]) expect(log).toContain(what);
  for (const text of [log, ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr])]) {
    for (const spelling of spellings(SECRET)) expect(text).not.toContain(spelling);
    expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  }
});
