import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startPostgres } from "../helpers/postgres.ts";
import { killedLife } from "./killed-cli.ts";

/** `npm run campaign:kill -- [--kills 500] [--store json|postgres]`: kills the built command line that often, five times a life; the result goes to bench/results/. Run `npm run build` first. */
const { values } = parseArgs({ options: { kills: { type: "string", default: "500" }, store: { type: "string", default: "sqlite" } } });
const KILLS_A_LIFE = 5;
const wanted = Number(values.kills);
const root = fileURLToPath(new URL("../..", import.meta.url));
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
if (!existsSync(main)) throw new Error("There is no dist/cli/main.js: run `npm run build` first.");

const server = values.store === "postgres" ? await startPostgres({ fsync: "on" }) : null;
if (values.store === "postgres" && server === null) throw new Error("PostgreSQL is not installed.");

let seed = 1;
let lives = 0;
let kills = 0;
const findings: string[] = [];
const started = performance.now();

async function worker(): Promise<void> {
  while (kills < wanted) {
    const own = seed++;
    const life = await killedLife({
      seed: own,
      assets: 20,
      kills: KILLS_A_LIFE,
      main,
      store: values.store,
      url: await server?.createDatabase(),
    });
    lives++;
    kills += life.kills;
    findings.push(...life.findings.map((finding) => `seed ${own}: ${finding}`));
    process.stderr.write(`${kills} kills in ${lives} lives, ${findings.length} findings\n`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
await server?.[Symbol.asyncDispose]();
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const result = {
  command: `npm run campaign:kill -- --kills ${wanted}${values.store === "sqlite" ? "" : ` --store ${values.store}`}`,
  commit,
  node: process.version,
  lives,
  kills,
  findings,
  seconds: Math.round((performance.now() - started) / 1_000),
};
writeFileSync(
  new URL(`../../bench/results/campaign-kill${values.store === "sqlite" ? "" : `-${values.store}`}.json`, import.meta.url),
  `${JSON.stringify(result, null, 2)}\n`,
);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
