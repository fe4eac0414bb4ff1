import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { costsOf } from "../test/scenarios/tenant-cost.ts";

// What a sync of 1,000 assets costs at 300 requests a minute, by what the tenant offers to tell what changed. Both ends are sandboxes, and
// pauses are jumped over: seconds are those of a simulated clock.
const root = fileURLToPath(new URL("..", import.meta.url));
const assets = 1_000;
const profiles = [];
for (const profile of ["tokens", "bulk", "etags", "none"] as const) {
  const runs = await costsOf(profile, assets);
  profiles.push({ profile, runs });
  for (const { act, requests, bytes, simulated_seconds, reads, bound } of runs)
    process.stdout.write(
      `${profile.padEnd(7)} ${act.padEnd(18)} ${requests.all} requests (${reads} reads), ${bytes.all} bytes, ${simulated_seconds} s simulated, ${bound.ratio} of the least possible ${bound.requests}\n`,
    );
}
const result = {
  command: "node bench/tenant-cost.ts",
  commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim(),
  node: process.version,
  clock: "simulated: pauses are jumped over",
  requests_per_minute: 300,
  assets,
  profiles,
};
mkdirSync(`${root}/bench/results`, { recursive: true });
writeFileSync(`${root}/bench/results/tenant-cost.json`, `${JSON.stringify(result, null, 2)}\n`);
