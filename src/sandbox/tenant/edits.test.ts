import { expect, test } from "vitest";
import { FACETS } from "../../model/asset.ts";
import { applyEdits, editDefinition, EDITS } from "./edits.ts";
import { NOISE_EDITS } from "./edits/noise.ts";
import { Rng } from "./rng.ts";
import { tenant } from "./tenant.ts";

const definitions = [...tenant({ assets: 150, seed: 3 })].map(({ definition }) => definition);

test.each(EDITS.map((edit) => [edit.name, edit] as const))(
  "%s: changes every asset that it finds something in, and leaves its argument as it is",
  (_name, edit) => {
    const texts = definitions.map((definition) => JSON.stringify(definition));
    const edited = definitions.map((definition, number) => edit.apply(definition, new Rng(1, number)));
    expect(definitions.map((definition) => JSON.stringify(definition))).toEqual(texts);
    const found = edited.filter((definition) => definition !== null);
    const same = edited.filter((definition, number) => definition !== null && JSON.stringify(definition) === texts[number]);
    // A shuffle of two keys leaves them as they were every other time.
    expect(same.length).toBeLessThanOrEqual(edit.name.includes("reordered") ? found.length / 2 : 0);
    expect(found.length).toBeGreaterThan(MADE_BY_OTHER_EDITS.has(edit.name) ? -1 : 3);
  },
);

// Columns of real exports all have labels.
const MADE_BY_OTHER_EDITS: ReadonlySet<string> = new Set(["bare column dropped"]);

test("names of edits are unique, and facets are listed in code-point order", () => {
  expect(new Set(EDITS.map(({ name }) => name)).size).toBe(EDITS.length);
  for (const { facets } of EDITS) expect(facets).toEqual(FACETS.filter((facet) => facets.includes(facet)));
});

test("every facet alone and noise alone has an edit of its own", () => {
  const sets = new Set(EDITS.map(({ facets }) => facets.join()));
  for (const alone of ["", "content", "metadata", "schema"]) expect(sets).toContain(alone);
});

test("several edits together change the union of their facets, whatever order they are given in", () => {
  const named = (name: string): (typeof EDITS)[number] => EDITS.find((edit) => edit.name === name) as (typeof EDITS)[number];
  const chosen = [named("column added"), named("label changed"), named("moved to another folder")];
  const [definition = {}] = definitions;
  const edited = applyEdits(definition, chosen, new Rng(1));
  expect(edited.facets).toEqual(["content", "metadata", "schema"]);
  expect(applyEdits(definition, chosen.toReversed(), new Rng(1))).toEqual(edited);
});

test("noise changes no facet", () => {
  const [definition = {}] = definitions;
  expect(applyEdits(definition, NOISE_EDITS, new Rng(2)).facets).toEqual([]);
});

test("an edit that finds nothing of its kind is left out, and none at all answers null", () => {
  const bare = { kind: "entity", elements: { A: { type: "cds.String" } } };
  const sql = EDITS.filter(({ name }) => name === "sql changed");
  expect(applyEdits(bare, sql, new Rng(1))).toEqual({ definition: bare, edits: [], facets: [] });
  expect(editDefinition(bare, sql, new Rng(1))).toBeNull();
});
