import { parseArgs } from "node:util";
import { runCampaign } from "./campaign-result.ts";
import { fullDiskSync } from "./full-disk-sync.ts";

/**
 * `npm run campaign:disk-full -- [--step 4] [--store json]`: syncs with the state on disks from 16 KiB to 1 MiB, in steps of so many KiB, so that it
 * fills up at every stage. Needs a user who may mount a tmpfs.
 */
const { values } = parseArgs({ options: { step: { type: "string", default: "4" }, store: { type: "string", default: "sqlite" } } });
const step = Number(values.step);
const { store } = values;
const isDefault = store === "sqlite";
const FROM_KIB = 16;
const TO_KIB = 1_024;

const sizes = Array.from({ length: Math.floor((TO_KIB - FROM_KIB) / step) + 1 }, (_, n) => FROM_KIB + n * step);
const full = { first: 0, second: 0, never: 0 };
const result = await runCampaign({
  name: `campaign-disk-full${isDefault ? "" : `-${store}`}`,
  command: `npm run campaign:disk-full -- --step ${step}${isDefault ? "" : ` --store ${store}`}`,
  items: sizes,
  run: async (kib) => {
    const found = await fullDiskSync(kib * 1_024, store);
    full[found.full ?? "never"]++;
    return found.findings.map((finding) => `${kib} KiB: ${finding}`);
  },
  figures: (done) => ({
    sizes: done,
    from_kib: FROM_KIB,
    to_kib: TO_KIB,
    full_in_first_sync: full.first,
    full_in_second_sync: full.second,
    never_full: full.never,
  }),
});
process.exitCode = result.findings.length === 0 ? 0 : 1;
