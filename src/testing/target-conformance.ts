import { describe, expect, test } from "vitest";
import type { Asset } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import type { Acknowledged } from "../model/checkpoint.ts";
import type { Observed, OwnerMark, PutRequest, Target, WriteResult } from "../ports/target.ts";
import { aColumn, anAsset, type AssetTraits } from "./builders.ts";

/** What people see of a table. */
export interface SeenTable {
  readonly description: string | null;
  /** By the column's name in the target. */
  readonly comments: { readonly [column: string]: string };
  /** Those that are not ours. */
  readonly parameters: { readonly [name: string]: string };
}

/** One catalog, empty at first, as several processes and its people see it. */
export interface TargetHarness extends AsyncDisposable {
  /** The target as a process of its own opens it. */
  open(): Target;
  /** What people do in the catalog, behind our back. */
  readonly people: {
    see(ref: string): Promise<SeenTable | null>;
    /** Makes a table that nobody's mark stands on. */
    make(ref: string, table: Pick<SeenTable, "description">): Promise<void>;
    describe(ref: string, text: string): Promise<void>;
    comment(ref: string, column: string, text: string): Promise<void>;
    setParameter(ref: string, name: string, value: string): Promise<void>;
    /** Changes something of our part that is no text. */
    damage(ref: string): Promise<void>;
    drop(ref: string): Promise<void>;
  };
  /** Requests so far that would have changed the catalog, had they been needed. */
  writes(): number;
}

export interface TargetConformanceOptions {
  /** Claims that do not hold there, by title, each with the reason. That they do not is tested too. */
  readonly except?: { readonly [title: string]: string };
}

/** What every target that can be read back must do; `make` gives a new and empty catalog each time. */
export function targetConformance(name: string, make: () => Promise<TargetHarness>, { except = {} }: TargetConformanceOptions = {}): void {
  /** A test over a new catalog. */
  const claim: Claim = (title, check) => {
    const run = async (): Promise<void> => {
      await using harness = await make();
      await check(harness);
    };
    const reason = except[title];
    if (reason === undefined) test(title, run);
    else test.fails(`${title} (not here: ${reason})`, run);
  };
  describe(`${name} holds tables`, () => {
    writing(claim);
    merging(claim);
    owning(claim);
    deleting(claim);
    looking(claim);
  });
}

type Claim = (title: string, check: (harness: TargetHarness) => Promise<void>) => void;

const MARK: OwnerMark = { lineage: "lineage-1", pipeline: "sales" };
const { signal } = new AbortController();
const CALL = { signal };

const labelled = (label: string, traits: AssetTraits = {}): Asset => anAsset({ custom_properties: { columns: { ID: { label } } }, ...traits });

function requestFor(asset: Asset, base: Acknowledged | null = null, more: Partial<PutRequest> = {}): PutRequest {
  const change: Change = { asset_id: asset.id, change_type: base === null ? "created" : "modified", facets: ["content"], strategy: "full", cause: "source", fields: [] };
  return { mark: MARK, change, asset, base, decisions: [], ...more };
}

async function put(target: Target, asset: Asset, base: Acknowledged | null = null, more: Partial<PutRequest> = {}): Promise<Acknowledged> {
  return acknowledgement(await target.put(requestFor(asset, base, more), CALL));
}

function acknowledgement(result: WriteResult): Acknowledged {
  expect(result).toMatchObject({ status: "applied" });
  if (result.status !== "applied" || result.acknowledged === null) throw new Error(`not acknowledged: ${result.status}`);
  return result.acknowledged;
}

type Present = Extract<Observed, { state: "present" }>;

async function seen(target: Target, ref: string): Promise<Present> {
  const observed = (await target.observe([ref], CALL)).get(ref);
  if (observed?.state !== "present") throw new Error(`${ref} is ${observed?.state}`);
  return observed;
}

const deletion = (asset: Asset, base: Acknowledged | null, target: Target) => ({ mark: MARK, asset_id: asset.id, ref: target.place(asset.id).key, base, generation: 7 });

function writing(claim: Claim): void {
  claim("a created table bears our mark and tells the asset", async ({ open }) => {
    const target = open();
    const asset = labelled("Number", { business_name: "Orders", tags: ["a", "b"] });
    const { ref, revision, fingerprint, mapping } = await put(target, asset);
    const projection = target.project(asset, MARK);
    expect(projection).toMatchObject({ ok: true, ref: { key: ref }, fingerprint });
    expect(mapping).toBe(target.mapping);
    const table = await seen(target, ref);
    expect(table).toMatchObject({ ref, revision, fingerprint, mark: { ...MARK, asset_id: asset.id, fingerprint, tombstone: null } });
    expect(target.restore(table.document)).toEqual(asset);
  });

  claim("an update is told by a new revision, and the table tells the new asset", async ({ open }) => {
    const target = open();
    const first = await put(target, anAsset({ columns: [aColumn("A"), aColumn("B")] }));
    const changed = anAsset({ columns: [aColumn("B", "cds.Date"), aColumn("C")], description: "new" });
    const second = await put(target, changed, first);
    expect(second.revision).not.toBe(first.revision);
    const table = await seen(target, second.ref);
    expect(table).toMatchObject({ revision: second.revision, fingerprint: second.fingerprint });
    expect(target.restore(table.document)).toEqual(changed);
    const third = await put(target, anAsset(), second);
    expect((await seen(target, third.ref)).revision).toBe(third.revision);
  });

  claim("applied again, a write changes nothing: not after its acknowledgement, nor where that was lost", async ({ open, writes }) => {
    const asset = labelled("Number", { description: "All" });
    const first = await put(open(), asset);
    const before = writes();
    expect(await put(open(), asset, first)).toEqual(first);
    expect(writes()).toBe(before);
    expect((await put(open(), asset)).revision).toBe(first.revision);
    const target = open();
    expect((await put(target, asset, first, { observed: await seen(target, first.ref) })).revision).toBe(first.revision);
    expect((await seen(target, first.ref)).revision).toBe(first.revision);
  });

  claim("an update whose acknowledgement was lost is not taken for somebody's edit", async ({ open }) => {
    const target = open();
    const first = await put(target, anAsset({ business_name: "first" }));
    await put(open(), anAsset({ business_name: "second" }), first);
    const third = await put(target, anAsset({ business_name: "third" }), first);
    expect(target.restore((await seen(target, third.ref)).document)).toEqual(anAsset({ business_name: "third" }));
  });

  claim("a table that people dropped is made anew", async ({ open, people }) => {
    const target = open();
    const asset = anAsset({ business_name: "Orders" });
    const first = await put(target, asset);
    await people.drop(first.ref);
    const changed = anAsset({ business_name: "Sales orders" });
    const second = await put(target, changed, first);
    expect(target.restore((await seen(target, second.ref)).document)).toEqual(changed);
  });

  claim("assets of a new space are written at once, and each once", async ({ open }) => {
    const target = open();
    const assets = Array.from({ length: 12 }, (_, n) => anAsset({ space: "NEW", name: `T${n}` }));
    const written = await Promise.all(assets.map((asset) => put(target, asset)));
    const observed = await target.observe(written.map(({ ref }) => ref), CALL);
    for (const { ref, revision, fingerprint } of written) expect(observed.get(ref)).toMatchObject({ state: "present", revision, fingerprint });
  });

  claim("hostile names and texts arrive whole", async ({ open }) => {
    const target = open();
    const names = ["__proto__", "constructor", "Alpha-2 code", "Größe", "数量", "a/b~c", '"quoted"', "2024", "N".repeat(300)];
    const text = "ä 数 😀 \u{10FFFF}\n\ttwo lines \\ \"quoted\" '%s' ${x} </script>";
    const asset = anAsset({
      space: "S_1",
      name: "SAP.TIME.Größe 😀 数量/~",
      columns: names.map((name) => aColumn(name, "cds.String", { length: 10 })),
      business_name: text,
      description: text.repeat(200),
      owner: text,
      tags: [text],
      custom_properties: Object.fromEntries([
        ["__proto__", text],
        ["columns", Object.fromEntries(names.map((name) => [name, { label: text }]))],
      ]),
    });
    const { ref } = await put(target, asset);
    const table = await seen(target, ref);
    expect(target.restore(table.document)).toEqual(asset);
    expect(table.mark?.fingerprint).toBe(table.fingerprint);
    const changed = { ...asset, content: { ...asset.content, description: "" } };
    const { ref: again } = await put(open(), changed);
    expect(target.restore((await seen(target, again)).document)).toEqual(changed);
  });

  claim("a call that was aborted before it began has no effect", async ({ open, writes }) => {
    const target = open();
    const before = writes();
    const aborted = { signal: AbortSignal.abort(new Error("stopped")) };
    await expect(target.put(requestFor(anAsset()), aborted)).rejects.toThrow("stopped");
    expect(writes()).toBe(before);
  });
}

function merging(claim: Claim): void {
  claim("a parameter, a description and a comment typed by hand survive an update", async ({ open, people }) => {
    const target = open();
    const first = await put(target, labelled("Number", { business_name: "Orders" }));
    await people.describe(first.ref, "typed by hand");
    await people.comment(first.ref, "id", "typed too");
    await people.setParameter(first.ref, "steward", "Ann");
    await put(target, labelled("Number", { business_name: "Orders", tags: ["new"] }), first);
    expect(await people.see(first.ref)).toMatchObject({ description: "typed by hand", comments: { id: "typed too" }, parameters: { steward: "Ann" } });
    const table = await seen(target, first.ref);
    expect(target.restore(table.document)).toEqual(labelled("Number", { business_name: "Orders", tags: ["new"] }));
    expect(table.fingerprint).toBe(table.mark?.fingerprint);
  });

  claim("where both sides changed a text, the typed one stays and a warning says so, once", async ({ open, people }) => {
    const target = open();
    const first = await put(target, anAsset({ business_name: "Orders" }));
    await people.describe(first.ref, "typed by hand");
    const changed = anAsset({ business_name: "Sales orders" });
    const result = await target.put(requestFor(changed, first), CALL);
    expect(result).toMatchObject({ status: "applied", kept: [{ asset_id: changed.id, code: "text_kept" }], withheld: [] });
    expect(await people.see(first.ref)).toMatchObject({ description: "typed by hand" });
    const second = acknowledgement(result);
    expect(target.restore((await seen(target, first.ref)).document)).toEqual(changed);
    const next = await target.put(requestFor(anAsset({ business_name: "Sales orders", tags: ["a"] }), second), CALL);
    expect(next).toMatchObject({ status: "applied", kept: [] });
    expect(await people.see(first.ref)).toMatchObject({ description: "typed by hand" });
  });

  claim("an edit that comes between two updates is kept by both", async ({ open, people }) => {
    const target = open();
    const first = await put(target, anAsset({ business_name: "one" }));
    const second = await put(target, anAsset({ business_name: "two" }), first);
    await people.setParameter(second.ref, "pii", "no");
    const third = await put(target, anAsset({ business_name: "three" }), second);
    await people.setParameter(second.ref, "pii", "yes");
    await put(target, anAsset({ business_name: "four" }), third);
    expect(await people.see(first.ref)).toMatchObject({ description: "four", parameters: { pii: "yes" } });
  });

  claim("an edit that lands between a look at the table and the write is not lost", async ({ open, people }) => {
    const target = open();
    const first = await put(target, anAsset({ business_name: "one" }));
    const observed = await seen(target, first.ref);
    await people.setParameter(first.ref, "pii", "no");
    await put(target, anAsset({ business_name: "two" }), first, { observed });
    expect(await people.see(first.ref)).toMatchObject({ description: "two", parameters: { pii: "no" } });
  });

  claim("an edit of our part shows in the fingerprint, and is brought back where that is asked for", async ({ open, people }) => {
    const target = open();
    const asset = labelled("Number", { columns: [aColumn("ID"), aColumn("NAME", "cds.String", { length: 10 })] });
    const first = await put(target, asset);
    await people.setParameter(first.ref, "steward", "Ann");
    await people.damage(first.ref);
    const observed = await seen(target, first.ref);
    expect(observed.fingerprint).not.toBe(observed.mark?.fingerprint);
    const change: Change = { ...requestFor(asset, first).change, cause: "drift" };
    expect(target.preview(requestFor(asset, first, { change, observed })).writes).toBe(true);
    await put(target, asset, first, { change, observed });
    const after = await seen(target, first.ref);
    expect(after.fingerprint).toBe(first.fingerprint);
    expect(target.restore(after.document)).toEqual(asset);
    expect(await people.see(first.ref)).toMatchObject({ parameters: { steward: "Ann" } });
  });

  claim("a preview tells what a put would write, and writes nothing", async ({ open, people, writes }) => {
    const target = open();
    const asset = anAsset({ business_name: "Orders" });
    const changed = anAsset({ business_name: "Sales orders" });
    const first = await put(target, asset);
    await people.describe(first.ref, "typed by hand");
    const observed = await seen(target, first.ref);
    const before = writes();
    expect(target.preview(requestFor(changed))).toMatchObject({ writes: true, kept: [], withheld: [] });
    expect(target.preview(requestFor(asset, first))).toEqual({ writes: false, kept: [], withheld: [] });
    expect(target.preview(requestFor(asset, first, { observed }))).toEqual({ writes: false, kept: [], withheld: [] });
    expect(target.preview(requestFor(changed, first, { observed }))).toMatchObject({ writes: true, kept: [{ code: "text_kept" }], withheld: [] });
    expect(writes()).toBe(before);
  });
}

function owning(claim: Claim): void {
  claim("a table that is not ours is neither written, marked nor removed", async ({ open, people }) => {
    const target = open();
    const asset = anAsset();
    await put(target, anAsset({ name: "Other" }));
    const ref = target.place(asset.id).key;
    await people.make(ref, { description: "theirs" });
    const before = await seen(target, ref);
    expect(before.mark).toBeNull();
    const foreign = { status: "withheld", withheld: { asset_id: asset.id, because: { code: "target_foreign" } } };
    expect(await target.put(requestFor(asset), CALL)).toMatchObject(foreign);
    expect(await target.put(requestFor(asset, null, { observed: before }), CALL)).toMatchObject(foreign);
    expect(target.preview(requestFor(asset, null, { observed: before }))).toMatchObject({ writes: false, withheld: [foreign.withheld] });
    expect(await target.mark(deletion(asset, null, target), CALL)).toMatchObject(foreign);
    expect(await target.remove(deletion(asset, null, target), CALL)).toMatchObject(foreign);
    expect(await seen(target, ref)).toEqual(before);
  });

  claim("a table of another pipeline, of another lineage or of another asset is none of ours", async ({ open }) => {
    const target = open();
    const asset = anAsset();
    const { ref } = await put(target, asset);
    const before = await seen(target, ref);
    for (const mark of [{ ...MARK, pipeline: "other" }, { ...MARK, lineage: "lineage-2" }]) {
      expect(await target.put(requestFor(anAsset({ tags: ["x"] }), null, { mark }), CALL)).toMatchObject({ status: "withheld", withheld: { because: { code: "target_foreign" } } });
      expect(await target.mark({ ...deletion(asset, null, target), mark }, CALL)).toMatchObject({ status: "withheld" });
      expect(await target.remove({ ...deletion(asset, null, target), mark }, CALL)).toMatchObject({ status: "withheld" });
    }
    expect(await target.mark({ ...deletion(asset, null, target), asset_id: "SALES.Another" }, CALL)).toMatchObject({ status: "withheld", withheld: { because: { code: "name_collision" } } });
    expect(await seen(target, ref)).toEqual(before);
  });

  claim("a scan finds this pipeline's tables, of every lineage and of no other, beyond a hundred", async ({ open, people }) => {
    const target = open();
    const mine = Array.from({ length: 105 }, (_, n) => anAsset({ space: n % 2 === 0 ? "SALES" : "HR", name: `T${n}` }));
    for (const asset of mine) await put(target, asset, null, { mark: asset.space === "HR" ? { ...MARK, lineage: "lineage-2" } : MARK });
    await put(target, anAsset({ name: "Others" }), null, { mark: { ...MARK, pipeline: "other" } });
    await people.make(target.place("SALES.Foreign").key, { description: null });
    const found = new Map<string, Present>();
    for await (const batch of open().scan("sales", CALL)) for (const table of batch) found.set(table.mark?.asset_id ?? "", table);
    expect([...found.keys()].toSorted()).toEqual(mine.map((asset) => asset.id).toSorted());
    expect(found.get("HR.T1")?.mark?.lineage).toBe("lineage-2");
    expect(found.get("SALES.T0")).toEqual(await seen(target, target.place("SALES.T0").key));
  });
}

function deleting(claim: Claim): void {
  claim("a deletion marks the table, then removes it, and both may be repeated", async ({ open }) => {
    const target = open();
    const [asset, other] = [anAsset(), anAsset({ name: "Other" })];
    const first = await put(target, asset);
    await put(target, other);
    const marked = acknowledgement(await target.mark(deletion(asset, first, target), CALL));
    expect(marked.revision).not.toBe(first.revision);
    expect(await seen(target, first.ref)).toMatchObject({ revision: marked.revision, mark: { asset_id: asset.id, tombstone: 7 } });
    expect(acknowledgement(await open().mark(deletion(asset, marked, target), CALL))).toMatchObject({ revision: marked.revision });
    expect(acknowledgement(await open().mark(deletion(asset, null, target), CALL))).toMatchObject({ revision: marked.revision });
    for (let time = 0; time < 2; time++) {
      expect(await target.remove(deletion(asset, marked, target), CALL)).toMatchObject({ status: "applied", acknowledged: null });
    }
    expect(await target.mark(deletion(asset, marked, target), CALL)).toMatchObject({ status: "applied", acknowledged: null });
    expect((await target.observe([first.ref], CALL)).get(first.ref)?.state).toBe("absent");
    await seen(target, target.place(other.id).key);
  });

  claim("a table without the deletion mark is not removed", async ({ open }) => {
    const target = open();
    const asset = anAsset();
    const first = await put(target, asset);
    expect(await target.remove(deletion(asset, first, target), CALL)).toMatchObject({ status: "refused", again: false });
    await seen(target, first.ref);
  });

  claim("an asset that comes back loses its deletion mark, and is then not removed", async ({ open }) => {
    const target = open();
    const asset = anAsset({ business_name: "Orders" });
    const first = await put(target, asset);
    const marked = acknowledgement(await target.mark(deletion(asset, first, target), CALL));
    const back = await put(target, asset, marked);
    expect(await seen(target, first.ref)).toMatchObject({ revision: back.revision, fingerprint: first.fingerprint, mark: { tombstone: null } });
    expect(await target.remove(deletion(asset, marked, target), CALL)).toMatchObject({ status: "refused" });
    expect(target.restore((await seen(target, first.ref)).document)).toEqual(asset);
  });

  claim("the deletion mark keeps what people typed", async ({ open, people }) => {
    const target = open();
    const asset = anAsset();
    const first = await put(target, asset);
    await people.setParameter(first.ref, "steward", "Ann");
    await target.mark(deletion(asset, first, target), CALL);
    expect(await people.see(first.ref)).toMatchObject({ parameters: { steward: "Ann" } });
  });
}

function looking(claim: Claim): void {
  claim("each place is observed once, in spaces that are there and in others", async ({ open }) => {
    const target = open();
    const first = await put(target, anAsset());
    const places = ["SALES.Orders", "SALES.Missing", "NOWHERE.A", "NOWHERE.B", "ELSEWHERE.A"].map((id) => target.place(id).key);
    const observed = await target.observe(places, CALL);
    expect([...observed.keys()].toSorted()).toEqual(places.toSorted());
    expect(places.map((place) => observed.get(place)?.state)).toEqual(["present", "absent", "absent", "absent", "absent"]);
    expect(observed.get(first.ref)).toEqual(await seen(target, first.ref));
    expect(await target.observe([], CALL)).toEqual(new Map());
  });

  claim("what a projection tells depends on the asset alone", async ({ open }) => {
    const asset = labelled("Number", { business_name: "Orders" });
    const [one, other] = [open(), open()];
    expect(other.project(asset, MARK)).toEqual(one.project(asset, MARK));
    expect(other.place(asset.id)).toEqual(one.place(asset.id));
    expect(other.mapping).toBe(one.mapping);
    const fingerprint = (changed: Asset, mark: OwnerMark = MARK): unknown => {
      const projection = one.project(changed, mark);
      return projection.ok && projection.fingerprint;
    };
    expect(fingerprint(labelled("Other", { business_name: "Orders" }))).not.toBe(fingerprint(asset));
    expect(fingerprint(asset, { ...MARK, lineage: "lineage-2" })).toBe(fingerprint(asset));
  });
}
