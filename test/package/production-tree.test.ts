import { join } from "node:path";
import { expect, test } from "vitest";
import { objections, productionPackages } from "../../scripts/production-tree.ts";

const root = join(import.meta.dirname, "../..");

test("nothing that comes with the package runs a script, brings compiled code or has a strange licence", () => {
  expect(objections(root)).toEqual([]);
});

test("the packages that come along are those of the dependencies, not of the development tools", () => {
  const packages = productionPackages(root);
  expect(packages).toContain("node_modules/@aws-sdk/client-glue");
  expect(packages).not.toContain("node_modules/vitest");
  expect(packages).not.toContain("node_modules/typescript");
});
