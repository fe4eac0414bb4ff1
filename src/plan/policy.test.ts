import { expect, test } from "vitest";
import { mergePolicies } from "./policy.ts";

const COMMENT = "/metadata/custom_properties/columns/NETWR/label";

test.each([
  ["/content/description", "target_wins"],
  ["/content/business_name", "target_wins"],
  [COMMENT, "target_wins"],
  ["/content/owner", "source_wins"],
  ["/schema/columns/NETWR/type", "source_wins"],
  ["/metadata/custom_properties/columns/NETWR/label/x", "source_wins"],
  ["/metadata/custom_properties/columns/a/b/label", "source_wins"],
  ["/metadata/tags/finance", "source_wins"],
])("without rules, %s is %s", (path, policy) => {
  expect(mergePolicies([])("SALES.Orders", path)).toBe(policy);
});

test("the first rule that matches both asset and field decides", () => {
  const policyFor = mergePolicies([
    { assets: "SALES.Ord*s", fields: "/content/description", policy: "hold" },
    { assets: "SALES.*", policy: "source_wins" },
    { fields: "/content/*", policy: "merge" },
  ]);
  expect(policyFor("SALES.Orders", "/content/description")).toBe("hold");
  expect(policyFor("SALES.Orders", "/content/owner")).toBe("source_wins");
  expect(policyFor("SALES.Ordinary.things", "/content/description")).toBe("hold");
  expect(policyFor("SALES.Items", COMMENT)).toBe("source_wins");
  expect(policyFor("HR.Orders", "/content/owner")).toBe("merge");
  expect(policyFor("HR.Orders", COMMENT)).toBe("target_wins");
});

test("a pattern matches the whole, character by character but for its stars", () => {
  const holds = (assets: string, id: string): boolean => mergePolicies([{ assets, policy: "hold" }])(id, "/content/owner") === "hold";
  expect(holds("SALES.Orders", "SALES.Orders")).toBe(true);
  expect(holds("SALES.Orders", "SALESxOrders")).toBe(false);
  expect(holds("SALES.Orders", "SALES.Orders_2")).toBe(false);
  expect(holds("SALES.Orders", "xSALES.Orders")).toBe(false);
  expect(holds("*", "SALES.a\nb")).toBe(true);
  expect(holds("SALES.(a|b)", "SALES.a")).toBe(false);
});
