import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { aWorkplace, tables } from "./a-workplace.ts";

test("status tells how old the last complete listing of each scope is, and --check exits with 1 where one is too old", async () => {
  const { cwd, exported, run } = await aWorkplace();
  await exported(tables(1, 2));
  expect(await run("status", "--check", "--max-age", "2h")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("No run of pipeline sales has listed anything yet.") as unknown,
  });

  expect((await run("sync")).code).toBe(0);
  const status = JSON.parse((await run("status", "--json")).stdout) as { state: { listings: { complete_at: string }[] } };
  expect(status.state.listings).toEqual([
    {
      scope: "SALES",
      complete: true,
      count: 2,
      complete_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      age_seconds: expect.any(Number) as unknown,
    },
  ]);
  expect((await run("status", "--check", "--max-age", "2h")).code).toBe(0);

  // The space can no longer be listed: the run commits, and its last complete listing grows old.
  await rm(join(cwd, "exports", "SALES"), { recursive: true });
  expect((await run("sync")).code).toBe(8);
  // However fast the machine is.
  await sleep(Date.parse(status.state.listings[0]?.complete_at ?? "") + 1_500 - Date.now());
  const { code, stdout } = await run("status", "--check", "--max-age", "1s", "--json");
  expect([code, JSON.parse(stdout)]).toEqual([
    1,
    {
      format_version: 1,
      error: {
        code: "listing_stale",
        message: expect.stringMatching(/^Pipeline sales was not listed completely within 1\.0 s: SALES \(.* ago\)\.$/) as unknown,
        remedy: expect.stringContaining("tidemark runs list") as unknown,
      },
    },
  ]);
});

test.each([
  [["--check"], "--check and --max-age go together."],
  [["--max-age", "2h"], "--check and --max-age go together."],
  [["--check", "--max-age", "2 hours"], "It must be a number of seconds, minutes, hours or days above 0"],
  [["--check", "--max-age", "0h"], "It must be a number of seconds, minutes, hours or days above 0"],
])("status %j is refused", async (args, message) => {
  const { run } = await aWorkplace();
  expect(await run("status", ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as unknown });
});
