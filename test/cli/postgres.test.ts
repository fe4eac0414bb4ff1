import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { aHead } from "../../src/testing/checkpoint-builders.ts";
import { runCli } from "../helpers/cli.ts";
import { PASSWORD, postgresServer } from "../helpers/postgres.ts";
import { postgresStore } from "../helpers/postgres-harness.ts";
import { aWorkplace, tables } from "./a-workplace.ts";

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

async function aPostgresWorkplace(database?: string) {
  const url = database ?? (await server?.createDatabase()) ?? "";
  const place = await aWorkplace({}, 'checkpoint_management: { storage_type: postgres, url: "${TIDEMARK_PG}" }\n');
  await place.exported(tables(1, 3));
  const env = { GLUE: place.sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", TIDEMARK_PG: url };
  const run = async (...args: string[]) => {
    const result = await runCli(args, { cwd: place.cwd, env });
    // Whatever is said, the password is never in it.
    expect(`${result.stdout}${result.stderr}`).not.toContain(PASSWORD);
    return result;
  };
  return { ...place, url, run };
}

async function tablesIn(url: string): Promise<number> {
  return (await server?.ask("SELECT FROM pg_tables WHERE schemaname = 'tidemark'", [], url))?.length ?? -1;
}

describe.skipIf(server === null)("the command line with its state in PostgreSQL", () => {
  test("plan creates nothing in a database without tables, sync makes them, and the next one writes nothing", async () => {
    const { run, url, sandbox } = await aPostgresWorkplace();
    for (const command of ["plan", "status", "checkpoint list", "checkpoint verify", "doctor"]) await run(...command.split(" "));
    expect((await run("plan")).code).toBe(2);
    expect(await tablesIn(url)).toBe(0);
    expect((await run("sync")).code).toBe(0);
    const writes = sandbox.counts().writes_applied;
    expect((await run("sync")).code).toBe(0);
    expect(sandbox.counts().writes_applied).toBe(writes);
    expect(JSON.parse((await run("checkpoint", "list", "--json")).stdout)).toMatchObject({ checkpoints: [{}, {}, {}] });
    expect((await run("checkpoint", "verify")).stdout).toContain("is intact: 3 checkpoints");
  });

  test("of two machines one acts, and the other exits 5 and names it", async () => {
    const { run, url } = await aPostgresWorkplace();
    await using lease = await postgresStore({ url }).acquire();
    await lease.begin(aHead());
    const { code, stderr } = await run("sync");
    expect([code, stderr]).toEqual([5, expect.stringContaining(`process ${process.pid} on `) as unknown]);
    expect((await run("doctor")).stdout).toContain(`Process ${process.pid} on `);
    expect((await run("plan")).code).not.toBe(5);
  });

  test("a state that is damaged exits 6 with the row, and --set-aside keeps it and makes it anew", async () => {
    const { run, url, sandbox } = await aPostgresWorkplace();
    await run("sync");
    await server?.ask(
      "UPDATE tidemark.record SET facts = replace(facts, 'datasphere', 'datasphepe') WHERE asset_id = 'SALES.T02'",
      [],
      url,
    );
    const { code, stderr } = await run("checkpoint", "verify");
    expect([code, stderr]).toEqual([6, expect.stringContaining('the row "SALES.T02" of record is not what was written') as unknown]);
    expect((await run("checkpoint", "rebuild", "--set-aside")).stdout).toContain("quarantine/1");
    const writes = sandbox.counts().writes_applied;
    expect((await run("sync")).code).toBe(0);
    expect((await run("sync")).code).toBe(0);
    expect(sandbox.counts().writes_applied).toBe(writes);
  });

  test("a state moves from a file to the database, to plain files and back, and the runs after it write nothing", async () => {
    const { run, cwd, sandbox } = await aPostgresWorkplace();
    const file = join(cwd, "tidemark.yaml");
    const use = async (store: string) =>
      await writeFile(file, (await readFile(file, "utf8")).replace(/storage_type: \w+/, `storage_type: ${store}`));
    await use("sqlite");
    await run("sync");
    const writes = sandbox.counts().writes_applied;
    for (const [here, there] of [
      ["sqlite", "postgres"],
      ["postgres", "json"],
      ["json", "sqlite"],
    ] as const) {
      const { code, stdout } = await run("checkpoint", "migrate", "--to", there);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`to ${there}, generation \\d+. The old one lies in .*quarantine/\\d`)) as unknown,
      ]);
      // Who still looks at the old place finds no state, and no older one either.
      expect([here, (await run("sync")).code]).toEqual([here, 6]);
      await use(there);
      for (let syncs = 0; syncs < 2; syncs++) expect((await run("sync")).code).toBe(0);
    }
    expect(sandbox.counts().writes_applied).toBe(writes);
    expect(await run("checkpoint", "migrate", "--to", "sqlite")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("in sqlite already"),
    });
  });

  test("a wrong password, a database that is not there, a server that does not answer: exit code 7 and what to do", async () => {
    const good = new URL(server?.url() ?? "");
    const [wrong, nowhere, closed] = [new URL(good), new URL(good), new URL(good)];
    wrong.password = `${PASSWORD}x`;
    nowhere.pathname = "/nowhere";
    closed.port = "1";
    for (const [url, says] of [
      [wrong, "refuses the login"],
      [nowhere, "there is no such database"],
      [closed, "ECONNREFUSED"],
    ] as const) {
      const { run } = await aPostgresWorkplace(url.href);
      for (const command of ["plan", "sync", "doctor"]) {
        const { code, stdout, stderr } = await run(command);
        expect([command, code, stdout + stderr]).toEqual([command, 7, expect.stringContaining(says) as unknown]);
      }
    }
  });

  test("a URL that could be read in two ways is refused, and no part of it is shown", async () => {
    for (const url of [`postgres://u:12/${PASSWORD}@localhost/db`, `https://u:${PASSWORD}@localhost/db`, PASSWORD]) {
      const { run } = await aPostgresWorkplace(url);
      const { code, stderr } = await run("plan", "-v");
      expect([code, stderr]).toEqual([1, expect.stringContaining("checkpoint_management.url") as unknown]);
    }
  });

  test("config show gives the reference in place of the URL; without a URL the store says what it misses", async () => {
    const { run, cwd } = await aPostgresWorkplace();
    expect((await run("config", "show")).stdout).toContain("${TIDEMARK_PG}");
    const file = join(cwd, "tidemark.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace(', url: "${TIDEMARK_PG}"', ""));
    expect(await run("plan")).toMatchObject({ code: 1, stderr: expect.stringContaining("checkpoint_management.url does not say where") });
  });
});
