import { expect } from "vitest";
import { anAsset } from "../builders.ts";
import { type Claim, MARK, CALL, requestFor, put, seen, deletion, type Present } from "./claim.ts";

/** What is not ours is not touched. */
export function owning(claim: Claim): void {
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

  claim("of places that are to be filled, those where something stands already can be told beforehand", async ({ open, people }) => {
    const target = open();
    const [ours, ...others] = ["Ours", "Theirs", "Free"].map((name) => target.place(anAsset({ name }).id).key) as [string, string, string];
    await put(target, anAsset({ name: "Ours" }));
    await people.make(others[0], { description: "theirs" });
    const fresh = open();
    const found = await (fresh.taken?.([ours, ...others], CALL) ?? fresh.observe([ours, ...others], CALL));
    const present = [...found.values()].filter(({ state }) => state !== "absent");
    expect(new Map(present.map((table) => [table.ref, "mark" in table && table.mark !== null]))).toEqual(
      new Map([
        [ours, true],
        [others[0], false],
      ]),
    );
  });

  claim("a table of another pipeline, of another lineage or of another asset is none of ours", async ({ open }) => {
    const target = open();
    const asset = anAsset();
    const { ref } = await put(target, asset);
    const before = await seen(target, ref);
    for (const mark of [
      { ...MARK, pipeline: "other" },
      { ...MARK, lineage: "lineage-2" },
    ]) {
      expect(await target.put(requestFor(anAsset({ tags: ["x"] }), null, { mark }), CALL)).toMatchObject({
        status: "withheld",
        withheld: { because: { code: "target_foreign" } },
      });
      expect(await target.mark({ ...deletion(asset, null, target), mark }, CALL)).toMatchObject({ status: "withheld" });
      expect(await target.remove({ ...deletion(asset, null, target), mark }, CALL)).toMatchObject({ status: "withheld" });
    }
    expect(await target.mark({ ...deletion(asset, null, target), asset_id: "SALES.Another" }, CALL)).toMatchObject({
      status: "withheld",
      withheld: { because: { code: "name_collision" } },
    });
    expect(await seen(target, ref)).toEqual(before);
  });

  claim(
    "a table of nobody's and one of another history are taken over on request, with what they have; another pipeline's is not",
    async ({ open, people }) => {
      const target = open();
      const asset = anAsset({ business_name: "Orders" });
      await put(target, anAsset({ name: "Other" }));
      const ref = target.place(asset.id).key;
      await people.make(ref, { description: "theirs" });
      await people.setParameter(ref, "steward", "Ann");
      const foreign = await seen(target, ref);
      expect(target.preview(requestFor(asset, null, { observed: foreign, adopt: true }))).toMatchObject({ writes: true, withheld: [] });
      const taken = await put(target, asset, null, { observed: foreign, adopt: true });
      expect(await people.see(ref)).toMatchObject({ description: "theirs", parameters: { steward: "Ann" } });
      expect((await seen(target, ref)).mark).toMatchObject({ ...MARK, asset_id: asset.id });
      const other = { ...MARK, lineage: "lineage-2" };
      await put(target, asset, null, { mark: other, adopt: true });
      expect((await seen(target, ref)).mark).toMatchObject(other);
      expect(await people.see(ref)).toMatchObject({ description: "theirs", parameters: { steward: "Ann" } });
      const hr = { lineage: "lineage-2", pipeline: "hr" };
      expect(await target.put(requestFor(asset, taken, { mark: hr, adopt: true }), CALL)).toMatchObject({ status: "withheld" });
    },
  );

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
