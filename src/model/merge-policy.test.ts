import { expect, test } from "vitest";
import { mergePolicies } from "./merge-policy.ts";

const COMMENT = "/metadata/custom_properties/columns/NETWR/label";

test.each([
  ["/content/description", "target_wins"],
  ["/content/business_name", "target_wins"],
  [COMMENT, "target_wins"],
  ["/content/owner", "source_wins"],
  ["/schema/columns/NETWR/type", "source_wins"],
  ["/metadata/custom_properties/columns/NETWR/label/x", "source_wins"],
  ["/metadata/custom_properties/columns/a/b/label", "source_wins"],
  ["/x/metadata/custom_properties/columns/a/label", "source_wins"],
  ["/metadata/tags/finance", "source_wins"],
])("without rules, %s is %s", (path, policy) => {
  expect(mergePolicies([])("SALES.Orders", path)).toBe(policy);
});

test("descriptions, comments and everything else each have a policy of their own", () => {
  const policyFor = mergePolicies([], { description: "hold", comments: "merge", structure: "target_wins" });
  expect(["/content/description", COMMENT, "/schema/columns/ID/type", "/content/owner"].map((path) => policyFor("S.A", path))).toEqual([
    "hold",
    "merge",
    "target_wins",
    "target_wins",
  ]);
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

test("a rule may hold for a group of fields", () => {
  const policyFor = mergePolicies([
    { assets: "SALES.*", fields: "comments", policy: "merge" },
    { fields: "structure", policy: "hold" },
  ]);
  expect(policyFor("SALES.Orders", COMMENT)).toBe("merge");
  expect(policyFor("HR.Orders", COMMENT)).toBe("target_wins");
  expect(policyFor("HR.Orders", "/content/owner")).toBe("hold");
  expect(policyFor("HR.Orders", "/content/description")).toBe("target_wins");
});

test("a rule holds for the assets of its pattern, and for all without one", () => {
  const holds = (rule: { assets?: string }, id: string): boolean =>
    mergePolicies([{ ...rule, policy: "hold" }])(id, "/content/owner") === "hold";
  expect(["SALES.Orders", "SALESxOrders", "SALES.Orders_2", "HR.Orders"].map((id) => holds({ assets: "SALES.Orders" }, id))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(["SALES.A1", "SALES.A12"].map((id) => holds({ assets: "*.A?" }, id))).toEqual([true, false]);
  expect(holds({}, "SALES.a\nb")).toBe(true);
});

test("a pattern of fields matches the whole path, its stars within one key, all else character by character", () => {
  const holds = (fields: string, path: string): boolean => mergePolicies([{ fields, policy: "hold" }])("S.A", path) === "hold";
  expect(holds("/schema/columns/*/type", "/schema/columns/a~1b/type")).toBe(true);
  expect(holds("/schema/columns/*/type", "/schema/columns/a\nb/type")).toBe(true);
  expect(holds("/schema/columns/*/type", "/schema/columns/a/b/type")).toBe(false);
  expect(holds("/schema/columns/*/type", "/x/schema/columns/a/type")).toBe(false);
  expect(holds("/schema/columns/*/type", "/schema/columns/a/type/x")).toBe(false);
  expect(holds("/schema/columns/(a|b)/type", "/schema/columns/a/type")).toBe(false);
});
