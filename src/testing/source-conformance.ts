import { describe, expect, test } from "vitest";
import type { Asset, AssetId } from "../model/asset.ts";
import type { Json } from "../model/json.ts";
import type { Listed, ListingCertificate, ReadResult } from "../model/listing.ts";
import type { Problem } from "../model/errors.ts";
import type { Source, SourceMemory } from "../ports/source.ts";

/** What a source reads from, empty at first, as its people change it. */
export interface SourceHarness extends AsyncDisposable {
  /** The source as a process of its own opens it. */
  open(): Source;
  /** Makes or changes an asset and answers with it as the source is to tell it. Its space comes into being with it. */
  put(space: string, name: string, businessName: string): Promise<Asset>;
  remove(id: AssetId): Promise<void>;
  addSpace(space: string): Promise<void>;
  dropSpace(space: string): Promise<void>;
  /** Makes a space's content unreadable; it is still there. */
  hideSpace(space: string): Promise<void>;
  /** A space's name as the source spells it. Default: as it was given. */
  readonly spelled?: (space: string) => string;
  /** Makes one asset unreadable, where that is possible without harm to its neighbours. */
  readonly spoil?: (id: AssetId) => Promise<void>;
}

/** What every source must do; `make` gives a new and empty one each time. */
export function sourceConformance(name: string, make: () => Promise<SourceHarness>): void {
  const claim: Claim = (title, check) =>
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the claims bring both
    test(title, async () => {
      await using harness = await make();
      await check(harness);
    });
  describe(`${name} tells its assets`, () => {
    listing(claim);
    standing(claim);
    reading(claim);
    confirming(claim);
  });
}

type Claim = (title: string, check: (harness: SourceHarness) => Promise<void>) => void;

const { signal } = new AbortController();
const CALL = { signal };

interface Listing {
  readonly items: readonly Listed[];
  readonly certificates: readonly ListingCertificate[];
  readonly problems: readonly Problem[];
  /** By scope. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** Lists to the end. What is listed after its scope's certificate, or in none of the scopes, breaks the order. */
async function list(source: Source, known: readonly string[] = []): Promise<Listing> {
  const items: Listed[] = [];
  const certificates: ListingCertificate[] = [];
  const problems: Problem[] = [];
  const tokens = new Map<string, string>();
  for await (const event of source.list({ signal, known: new Set(known), memory: aMemory(), tellsTokens: true })) {
    if (event.kind === "problem") problems.push(event.problem);
    else if (event.kind === "certificate") {
      certificates.push(event.certificate);
      if (event.token !== undefined) tokens.set(event.certificate.scope, event.token);
    } else if (event.kind === "text") expect.unreachable("text comes to nobody who did not ask for it");
    else {
      for (const item of event.items) expect(certificates.map(({ scope }) => scope)).not.toContain(item.scope);
      items.push(...event.items);
    }
  }
  const scopes = certificates.map(({ scope }) => scope);
  expect(new Set(scopes).size).toBe(scopes.length);
  for (const item of items) expect(scopes).toContain(item.scope);
  return { items, certificates, problems, tokens };
}

function aMemory(): SourceMemory {
  const values = new Map<string, Json>();
  return { get: async (key) => values.get(key), set: (key, value) => void values.set(key, value) };
}

/** The spaces' names as the harness' source spells them. */
function spelled({ spelled: spell = (space) => space }: SourceHarness, ...spaces: readonly string[]): readonly string[] {
  return spaces.map(spell);
}

function certificateOf({ certificates }: Listing, space: string): ListingCertificate | undefined {
  return certificates.find(({ scope }) => scope === space);
}

function idsOf({ items }: Listing): readonly AssetId[] {
  return items.map(({ id }) => id).toSorted();
}

function tokenOf({ items }: Listing, id: AssetId): string | null | undefined {
  return items.find((item) => item.id === id)?.token;
}

async function read(source: Source, items: readonly Listed[]): Promise<ReadonlyMap<AssetId, ReadResult>> {
  const results: ReadResult[] = await Array.fromAsync(source.read(items, CALL));
  expect(results.map(({ id }) => id).toSorted()).toEqual(items.map(({ id }) => id).toSorted());
  return new Map(results.map((result) => [result.id, result]));
}

function listing(claim: Claim): void {
  claim("every asset is listed in its space, and each space ends with its certificate", async (harness) => {
    const assets = [await harness.put("SALES", "A", "a"), await harness.put("SALES", "B.C", "b"), await harness.put("HR", "A", "c")];
    const found = await list(harness.open());
    expect(idsOf(found)).toEqual(assets.map(({ id }) => id).toSorted());
    for (const item of found.items) expect(item.id.startsWith(`${item.scope}.`)).toBe(true);
    const [sales = "", hr = ""] = spelled(harness, "SALES", "HR");
    // A source may tell beside what it skipped, and what it read of other kinds; nothing else.
    const told = (scope: string): object => {
      const { beside: _beside, skipped: _skipped, ...certificate } = certificateOf(found, scope) ?? {};
      return certificate;
    };
    expect(told(sales)).toEqual({ scope: sales, complete: true, count: 2 });
    expect(told(hr)).toEqual({ scope: hr, complete: true, count: 1 });
    expect(found.problems).toEqual([]);
  });

  claim("a token stays while its asset does, and moves with it", async (harness) => {
    const [kept, changed] = [await harness.put("SALES", "KEPT", "a"), await harness.put("SALES", "CHANGED", "a")];
    const before = await list(harness.open());
    await harness.put("SALES", "CHANGED", "b");
    const after = await list(harness.open());
    expect(tokenOf(after, kept.id)).toBe(tokenOf(before, kept.id));
    const tokens = [tokenOf(before, changed.id), tokenOf(after, changed.id)];
    if (tokens[0] !== null) expect(tokens[1]).not.toBe(tokens[0]);
  });

  claim("more assets than fit a page are all listed", async (harness) => {
    for (let n = 0; n < 250; n++) await harness.put("SALES", `T${n}`, "x");
    const found = await list(harness.open());
    expect(found.items).toHaveLength(250);
    const [sales = ""] = spelled(harness, "SALES");
    expect(certificateOf(found, sales)).toMatchObject({ complete: true, count: 250 });
  });

  claim("a space that nobody knew and that is empty is complete with none", async (harness) => {
    await harness.put("SALES", "A", "a");
    await harness.addSpace("EMPTY");
    const [sales = "", empty = ""] = spelled(harness, "SALES", "EMPTY");
    const found = await list(harness.open(), [sales]);
    expect(certificateOf(found, empty) ?? { complete: true, count: 0 }).toMatchObject({ complete: true, count: 0 });
  });

  claim(
    "a space that had assets and is now missing, empty or unreadable is listed incompletely; the others are not concerned",
    async (harness) => {
      const kept = await harness.put("SALES", "A", "a");
      const emptied = await harness.put("EMPTIED", "A", "a");
      await harness.put("DROPPED", "A", "a");
      await harness.put("HIDDEN", "A", "a");
      await harness.remove(emptied.id);
      await harness.dropSpace("DROPPED");
      await harness.hideSpace("HIDDEN");
      const [sales = "", ...doubtful] = spelled(harness, "SALES", "EMPTIED", "DROPPED", "HIDDEN");
      const found = await list(harness.open(), [sales, ...doubtful]);
      for (const space of doubtful)
        expect(certificateOf(found, space)).toMatchObject({ scope: space, complete: false, problem: expect.stringMatching(/./) as string });
      expect(certificateOf(found, sales)).toMatchObject({ complete: true, count: 1 });
      expect(idsOf(found)).toEqual([kept.id]);
    },
  );

  claim("a listing that is aborted ends with the reason", async (harness) => {
    await harness.put("SALES", "A", "a");
    const options = { signal: AbortSignal.abort(new Error("stopped")), known: new Set<string>(), memory: aMemory() };
    await expect(Array.fromAsync(harness.open().list(options))).rejects.toThrow("stopped");
  });
}

function standing(claim: Claim): void {
  claim("a source that tells whether it is as it was listed says so of each of its scopes, and only while it is", async (harness) => {
    const [changed, removed] = [await harness.put("SALES", "A", "a"), await harness.put("SALES", "B", "b")];
    await harness.put("HR", "A", "a");
    const { tokens, certificates } = await list(harness.open());
    const isAsListed = async (): Promise<boolean | undefined> => await harness.open().isAsListed?.(tokens, CALL);
    if ((await isAsListed()) === undefined || tokens.size === 0) {
      expect(tokens.size).toBe(0);
      return;
    }
    expect([...tokens.keys()].toSorted()).toEqual(certificates.map(({ scope }) => scope).toSorted());
    expect(await isAsListed()).toBe(true);
    const moves: readonly (readonly [move: () => Promise<unknown>, back: () => Promise<unknown>])[] = [
      [() => harness.put("SALES", "A", "z"), () => harness.put("SALES", "A", changed.content.business_name ?? "")],
      [() => harness.put("SALES", "C", "c"), () => harness.remove("SALES.C")],
      [() => harness.addSpace("NEW"), () => harness.dropSpace("NEW")],
    ];
    for (const [move, back] of moves) {
      await move();
      expect(await isAsListed()).toBe(false);
      await back();
      expect(await isAsListed()).toBe(true);
    }
    await harness.remove(removed.id);
    expect(await isAsListed()).toBe(false);
    await harness.put("SALES", "B", "b");
    await harness.dropSpace("HR");
    expect(await isAsListed()).toBe(false);
  });

  claim("a source is not as it was listed while a space of it cannot be read", async (harness) => {
    await harness.put("SALES", "A", "a");
    const { tokens } = await list(harness.open());
    await harness.hideSpace("SALES");
    expect((await harness.open().isAsListed?.(tokens, CALL)) ?? false).toBe(false);
    expect((await list(harness.open(), [...tokens.keys()])).tokens.size).toBe(0);
  });
}

function reading(claim: Claim): void {
  claim("each listed asset is read once, as it is", async (harness) => {
    const assets = [await harness.put("SALES", "A", "a"), await harness.put("SALES", "B", "b"), await harness.put("HR", "A", "c")];
    const source = harness.open();
    const results = await read(source, (await list(source)).items);
    for (const asset of assets) expect(results.get(asset.id)).toMatchObject({ kind: "asset", asset, warnings: [] });
  });

  claim("an asset that is gone since it was listed fails alone", async (harness) => {
    const [gone, kept] = [await harness.put("SALES", "GONE", "a"), await harness.put("SALES", "KEPT", "b")];
    const source = harness.open();
    const { items } = await list(source);
    await harness.remove(gone.id);
    const results = await read(source, items);
    expect(results.get(gone.id)).toMatchObject({ kind: "failed", problem: { asset_id: gone.id } });
    expect(results.get(kept.id)).toMatchObject({ kind: "asset", asset: kept });
  });

  claim("an asset that cannot be read fails alone, and its problem names it", async (harness) => {
    if (harness.spoil === undefined) return;
    const [bad, good] = [await harness.put("SALES", "BAD", "a"), await harness.put("SALES", "GOOD", "b")];
    await harness.spoil(bad.id);
    const source = harness.open();
    const results = await read(source, (await list(source)).items);
    expect(results.get(bad.id)).toMatchObject({
      kind: "failed",
      problem: { asset_id: bad.id, message: expect.stringContaining(bad.id) as string },
    });
    expect(results.get(good.id)).toMatchObject({ kind: "asset", asset: good });
  });
}

function confirming(claim: Claim): void {
  claim("an asset is gone only where its space is readable and it is not there", async (harness) => {
    const [kept, gone] = [await harness.put("SALES", "KEPT", "a"), await harness.put("SALES", "GONE", "a")];
    const [hidden, dropped] = [await harness.put("HIDDEN", "A", "a"), await harness.put("DROPPED", "A", "a")];
    await harness.remove(gone.id);
    await harness.hideSpace("HIDDEN");
    await harness.dropSpace("DROPPED");
    const source = harness.open();
    await list(source, spelled(harness, "SALES", "HIDDEN", "DROPPED"));
    const presence = await source.confirm([kept.id, gone.id, hidden.id, dropped.id], CALL);
    expect(presence.get(kept.id)).toBe("present");
    expect(presence.get(gone.id)).toBe("gone");
    expect(["unknown", "forbidden"]).toContain(presence.get(hidden.id));
    expect(["unknown", "forbidden"]).toContain(presence.get(dropped.id));
  });
}
