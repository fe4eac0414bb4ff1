import { expect } from "vitest";
import type { Change } from "../../model/change.ts";
import type { FieldDrift } from "../../model/outcome.ts";
import { aColumn, anAsset } from "../builders.ts";
import { type Claim, CALL, labelled, requestFor, put, acknowledgement, seen } from "./claim.ts";

/** What people type survives. */
export function merging(claim: Claim): void {
  claim("a parameter, a description and a comment typed by hand survive an update", async ({ open, people }) => {
    const target = open();
    const first = await put(target, labelled("Number", { business_name: "Orders" }));
    await people.describe(first.ref, "typed by hand");
    await people.comment(first.ref, "id", "typed too");
    await people.setParameter(first.ref, "steward", "Ann");
    await put(target, labelled("Number", { business_name: "Orders", tags: ["new"] }), first);
    expect(await people.see(first.ref)).toMatchObject({
      description: "typed by hand",
      comments: { id: "typed too" },
      parameters: { steward: "Ann" },
    });
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

  claim("drift names the fields of ours that were edited, and apart from them what others may change", async ({ open, people }) => {
    const target = open();
    const snapshot = labelled("Number", { business_name: "Orders" });
    const first = await put(target, snapshot);
    const drift = async (): Promise<readonly FieldDrift[]> =>
      target.drift(first, await seen(target, first.ref), { snapshot, decisions: [] });
    expect(await drift()).toEqual([]);
    await people.describe(first.ref, "typed by hand");
    await people.setParameter(first.ref, "steward", "Ann");
    const touched = await drift();
    expect(touched.map(({ path, theirs, kept }) => [path.split("/").at(-1), theirs, kept])).toEqual([
      ["description", "typed by hand", true],
      ["steward", "Ann", true],
    ]);
    await people.damage(first.ref);
    const damaged = await drift();
    expect(damaged.filter(({ kept }) => kept === undefined).length).toBeGreaterThan(0);
    expect(damaged.filter(({ kept }) => kept)).toEqual(touched);
    expect(damaged.map(({ path }) => path)).toEqual(damaged.map(({ path }) => path).toSorted());
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
    expect(target.preview(requestFor(changed, first, { observed }))).toMatchObject({
      writes: true,
      kept: [{ code: "text_kept" }],
      withheld: [],
    });
    expect(writes()).toBe(before);
  });
}
