import { expect } from "vitest";
import { aColumn, anAsset } from "../builders.ts";
import { type Claim, MARK, CALL, labelled, requestFor, put, seen } from "./claim.ts";

/** Creating and updating. */
export function writing(claim: Claim): void {
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

  claim("applied again, a write changes nothing: not after its nor where that was lost", async ({ open, writes }) => {
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
    const observed = await target.observe(
      written.map(({ ref }) => ref),
      CALL,
    );
    for (const { ref, revision, fingerprint } of written)
      expect(observed.get(ref)).toMatchObject({ state: "present", revision, fingerprint });
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
