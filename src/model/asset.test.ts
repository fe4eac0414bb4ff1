import { expect, test } from "vitest";
import { assetId, spaceOf, technicalNameOf } from "./asset.ts";

test("the first dot of an id parts the space from the technical name, which may hold others", () => {
  const id = assetId("SALES", "my.schema.Orders");
  expect([id, spaceOf(id), technicalNameOf(id)]).toEqual(["SALES.my.schema.Orders", "SALES", "my.schema.Orders"]);
});
