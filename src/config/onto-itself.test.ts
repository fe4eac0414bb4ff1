import { expect, test } from "vitest";
import { copiesOntoItself } from "./onto-itself.ts";
import type { GlueSourceConfig, GlueTargetConfig } from "./written-config.ts";

const local = { endpoint: "http://127.0.0.1:4566" };

test.each<[what: string, source: Omit<GlueSourceConfig, "type">, target: Omit<GlueTargetConfig, "type">, refused: boolean]>([
  ["one catalog, one name", {}, {}, true],
  ["one catalog, copies that are read again", {}, { database_prefix: "copy_" }, true],
  ["patterns that copies do not match", { databases: ["sales_*"] }, { database_prefix: "copy_" }, false],
  ["patterns that copies may match", { databases: ["c*"] }, { database_prefix: "copy_" }, true],
  ["a name that no copy has", { databases: ["sales"] }, { database_prefix: "copy_" }, false],
  ["a name whose copy is read too", { databases: ["a", "x_a"] }, { database_prefix: "x_" }, true],
  ["a suffix", { databases: ["sales"] }, { database: "{space}_copy" }, false],
  ["all into one database", { databases: ["sales"] }, { database: "all", table: "{space}_{name}" }, false],
  ["all into one that is read", { databases: ["*"] }, { database: "all" }, true],
  ["foreign tables only, whose copies are ours", { tables: "foreign" }, { database_prefix: "copy_" }, false],
  ["foreign tables onto themselves", { tables: "foreign" }, {}, true],
  [
    "by the assets that tables tell, into where they came from",
    { databases: ["dsp_sales"], identity: "asset" },
    { database_prefix: "dsp_" },
    true,
  ],
  ["another region", { region: "eu-central-1" }, { region: "us-east-1" }, false],
  ["a region that is left open", { region: "eu-central-1" }, {}, true],
  ["another account", { catalog_id: "111111111111" }, { catalog_id: "222222222222" }, false],
  ["another account by its role", { catalog_id: "111111111111" }, { role: { arn: "arn:aws:iam::222222222222:role/r" } }, false],
  ["a local endpoint and AWS", local, {}, false],
  ["one local endpoint, whatever the region", { ...local, region: "a" }, { ...local, region: "b" }, true],
  ["two local endpoints", local, { endpoint: "http://127.0.0.1:4567" }, false],
])("Glue to Glue, %s", (_what, source, target, refused) => {
  expect(copiesOntoItself({ type: "glue", ...source }, { type: "glue", ...target })).toBe(refused);
});
