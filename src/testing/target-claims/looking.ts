import { expect } from "vitest";
import type { Asset } from "../../model/asset.ts";
import type { OwnerMark } from "../../ports/target.ts";
import { anAsset } from "../builders.ts";
import { type Claim, MARK, CALL, labelled, put, seen } from "./claim.ts";

/** Observing and projecting. */
export function looking(claim: Claim): void {
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
