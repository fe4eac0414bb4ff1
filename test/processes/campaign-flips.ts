import { readFileSync, truncateSync } from "node:fs";
import { put, rewrite, tellAll, WAYS } from "../helpers/flipped-state.ts";
import { makeSmallState } from "../helpers/small-state.ts";
import { aStateFolder } from "../helpers/sqlite-harness.ts";
import { runCampaign } from "./campaign-result.ts";

/** `npm run campaign:flips`: flips every byte of a small state in two ways, and cuts it at every length. Each must be found, or change nothing. */
await using state = await aStateFolder({ on: "memory" });
const told = JSON.stringify(await makeSmallState(state.folder));
const bytes = readFileSync(state.path);
const found = { flips_found: 0, flips_harmless: 0, cuts_found: 0 };

const result = await runCampaign({
  name: "campaign-flips",
  command: "npm run campaign:flips",
  items: [...bytes.keys()],
  // One file, one change at a time.
  parallel: 1,
  run: async (at) => {
    const unnoticed: string[] = [];
    for (const way of WAYS) {
      put(state.path, at, way(bytes[at] as number, at));
      const answer = await tellAll(state.folder);
      put(state.path, at, bytes[at] as number);
      if (answer === "damaged") found.flips_found++;
      else if (answer === told) found.flips_harmless++;
      else unnoticed.push(`byte ${at}: another state was told`);
    }
    truncateSync(state.path, at);
    if ((await tellAll(state.folder)) === "damaged") found.cuts_found++;
    else unnoticed.push(`cut to ${at} bytes: not found`);
    rewrite(state.path, bytes);
    return unnoticed;
  },
  figures: () => ({ state_bytes: bytes.length, ...found }),
});
process.exitCode = result.findings.length === 0 ? 0 : 1;
