import { expect } from "vitest";
import type { Asset } from "../../model/asset.ts";
import { anAsset } from "../builders.ts";
import { type Claim, CALL, put, acknowledgement, seen, deletion } from "./claim.ts";

/** Deletions in two phases. */
export function deleting(claim: Claim): void {
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

  claim(
    "removed together, tables go or stay as each would by itself, and the answers are in the order of the requests",
    async ({ open }) => {
      const target = open();
      const [gone, unmarked, marked, other] = ["Gone", "Unmarked", "Marked", "Other"].map((name) => anAsset({ name })) as [
        Asset,
        Asset,
        Asset,
        Asset,
      ];
      await put(target, other);
      const tables = [await put(target, unmarked), await put(target, marked)] as const;
      const tombstone = acknowledgement(await target.mark(deletion(marked, tables[1], target), CALL));
      const requests = [deletion(gone, null, target), deletion(unmarked, tables[0], target), deletion(marked, tombstone, target)];
      const together = target.removeAll?.(requests, CALL) ?? Promise.all(requests.map((request) => target.remove(request, CALL)));
      expect((await together).map(({ status }) => status)).toEqual(["applied", "refused", "applied"]);
      const left = await target.observe(
        [unmarked, marked, other].map(({ id }) => target.place(id).key),
        CALL,
      );
      expect([...left.values()].map(({ state }) => state).toSorted()).toEqual(["absent", "present", "present"]);
    },
  );

  claim("an asset that comes back loses its deletion mark, and is then not removed", async ({ open }) => {
    const target = open();
    const asset = anAsset({ business_name: "Orders" });
    const first = await put(target, asset);
    const marked = acknowledgement(await target.mark(deletion(asset, first, target), CALL));
    const back = await put(target, asset, marked);
    expect(await seen(target, first.ref)).toMatchObject({
      revision: back.revision,
      fingerprint: first.fingerprint,
      mark: { tombstone: null },
    });
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
