import { expect, test } from "vitest";
import { compareCodePoints } from "../model/order.ts";
import type { TokenPage } from "../ports/checkpoint-store.ts";
import type { ListedPage, SpooledListing } from "../ports/spool.ts";
import { mergeTokens } from "./merge-tokens.ts";

/** What an id is in the listing and in the state: its token, or null where it is missing there. */
type Told = readonly [id: string, listed: string | null, recorded: string | null, moved?: "moved"];

const TOLD: readonly Told[] = [
  ["A.changed", "2", "1"],
  ["A.created", "1", null],
  ["A.moved", "1", "1", "moved"],
  ["A.same", "1", "1"],
  ["A.unproved", "1", ""],
  ["A.vanished", null, "1"],
  ["A.\uFFFD", "1", "1"],
  ["A.\u{1F600}", "1", "1"],
];

async function* listing(size: number): AsyncIterable<ListedPage> {
  const told = TOLD.filter(([, token]) => token !== null).toSorted(([a], [b]) => compareCodePoints(a, b));
  const rows = told.map(([id, token]): SpooledListing => ({ id, scope: "A", token, locator: null, ref: id }));
  for (let at = 0; at < rows.length; at += size) {
    const page = rows.slice(at, at + size);
    yield {
      ids: page.map(({ id }) => id),
      tokens: page.map(({ token }) => token),
      refs: page.map(({ ref }) => ref),
      at: (index) => page[index] as SpooledListing,
    };
  }
}

async function* recorded(size: number): AsyncIterable<TokenPage> {
  const told = TOLD.filter(([, , token]) => token !== null).toSorted(([a], [b]) => compareCodePoints(a, b));
  for (let at = 0; at < told.length; at += size) {
    const page = told.slice(at, at + size);
    yield {
      ids: page.map(([id]) => id),
      tokens: page.map(([, , token]) => (token === "" ? null : token)),
      refs: page.map(([id, , , moved]) => (moved === undefined ? id : "elsewhere")),
    };
  }
}

const SIZES = [1, 2, 3, 100].flatMap((left) => [1, 2, 3, 100].map((right): [number, number] => [left, right]));

test.each(SIZES)("pages of %i listed and %i recorded ids: what is the same is counted, the others come in order", async (left, right) => {
  const stretches = await Array.fromAsync(mergeTokens(listing(left), recorded(right), { tellAll: false }));
  expect(stretches.reduce((sum, { same }) => sum + same, 0)).toBe(3);
  expect(stretches.flatMap(({ met }) => met).map((one) => [one.listed?.id, one.recorded, one.isSame])).toEqual([
    ["A.changed", { asset_id: "A.changed", ref: "A.changed" }, false],
    ["A.created", null, false],
    ["A.moved", { asset_id: "A.moved", ref: "elsewhere" }, false],
    ["A.unproved", { asset_id: "A.unproved", ref: "A.unproved" }, false],
    [undefined, { asset_id: "A.vanished", ref: "A.vanished" }, false],
  ]);
});

test("all are told where a token does not end the matter, those that are the same marked as such", async () => {
  const stretches = await Array.fromAsync(mergeTokens(listing(2), recorded(3), { tellAll: true }));
  const met = stretches.flatMap((stretch) => stretch.met);
  expect(met.map((one) => one.listed?.id ?? one.recorded?.asset_id)).toEqual(TOLD.map(([id]) => id));
  expect(met.filter((one) => one.isSame).map((one) => one.listed?.id)).toEqual(["A.same", "A.\uFFFD", "A.\u{1F600}"]);
});

test("two empty sides meet nothing", async () => {
  expect(await Array.fromAsync(mergeTokens((async function* () {})(), (async function* () {})(), { tellAll: false }))).toEqual([]);
});
