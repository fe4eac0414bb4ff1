import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { notice } from "../helpers/notice.ts";
import { postgresServer } from "../helpers/postgres.ts";
import { killedLife } from "./killed-cli.ts";

const server = await postgresServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const main = join(import.meta.dirname, "../../src/cli/main.ts");

test.each([
  { store: "sqlite", seeds: [1, 2, 3] },
  { store: "json", seeds: [4] },
])(
  "a command line with the $store store, killed with SIGKILL at random moments, converges in two runs and writes nothing in the third",
  { timeout: 300_000 },
  async ({ store, seeds }) => {
    let kills = 0;
    for (const seed of seeds) {
      const life = await killedLife({ seed, assets: 20, kills: 5, main, store });
      expect(life.findings).toEqual([]);
      kills += life.kills;
    }
    notice(`${kills} of ${seeds.length * 5} runs of the real command line were killed before their end; all converged.`);
    expect(kills).toBeGreaterThan(0);
  },
);

test.skipIf(server === null)("the same with its state in PostgreSQL, whose server outlives it", { timeout: 300_000 }, async () => {
  const url = await server?.createDatabase();
  const life = await killedLife({ seed: 4, assets: 20, kills: 5, main, store: "postgres", url });
  expect(life.findings).toEqual([]);
  expect(life.kills).toBeGreaterThan(0);
});
