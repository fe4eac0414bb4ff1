import { expect, test } from "vitest";
import { DAMAGES, damagedJsonState, JSON_SUBJECTS, type JsonSubject, survivedBy } from "../../../test/helpers/damaged-json-state.ts";

/** How many bytes of each file are damaged; `npm run campaign:flips -- --store json` damages every one. */
const FLIPS = process.env["FLIPS"] ?? "12";

test.for(JSON_SUBJECTS)(
  "of a json state %s one file with a flipped byte, a cut or a tail costs nothing: a run finds all that was durable",
  { timeout: 1_800_000 },
  async (how: JsonSubject) => {
    const state = await damagedJsonState(how);
    const met = new Set<string>();
    for (const [name, bytes] of state.kept) {
      const step = FLIPS === "all" ? 1 : Math.max(1, Math.floor(bytes.length / Number(FLIPS)));
      for (let at = 0; at < bytes.length; at += step)
        for (const damage of DAMAGES) {
          const { how: came, isWhole } = await survivedBy(state, name, damage(bytes, at));
          expect([name, at, damage.name, isWhole && came !== "rebuild"]).toEqual([name, at, damage.name, true]);
          met.add(`${name}: ${came}`);
        }
    }
    expect(met).toContain("datasphere_checkpoints.json: recovered");
    expect(met).toContain("datasphere_checkpoints.json.prev: harmless");
  },
);
