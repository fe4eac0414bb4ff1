import { expect, test } from "vitest";
import type { Pipeline } from "../pipeline.ts";
import type { GlueTargetConfig, SourceConfig, TargetConfig } from "../written-config.ts";
import { type IamPolicy, iamPolicy } from "./iam-policy.ts";

const FILES: SourceConfig = { type: "csn", path: "/exports" };

function policyFor(target: TargetConfig, env: { readonly [name: string]: string } = {}, source: SourceConfig = FILES): IamPolicy {
  return iamPolicy({ name: "sales", source, target } as Pipeline, env);
}

test("names what is called, on the databases under the prefix as Glue folds it", () => {
  const { Statement } = policyFor({ type: "glue", region: "eu-central-1", catalog_id: "123456789012", database_prefix: "DSP_" });
  const arn = "arn:aws:glue:eu-central-1:123456789012";

  expect(Statement.map(({ Effect }) => Effect)).toEqual(["Allow", "Allow", "Allow"]);
  expect(Statement.map(({ Resource }) => Resource)).toEqual([
    [`${arn}:catalog`, `${arn}:database/*`],
    [`${arn}:catalog`, `${arn}:database/dsp_*`, `${arn}:table/dsp_*/*`],
    [`${arn}:catalog`, `${arn}:database/dsp_*`, `${arn}:table/dsp_*/*`],
  ]);
  expect(Statement[0]?.Action).toEqual(["glue:GetDatabases"]);
  expect(Statement[1]?.Action).toEqual(expect.arrayContaining(["glue:GetDatabase", "glue:GetTable", "glue:GetTables"]));
  expect(Statement[2]?.Action).toEqual(
    expect.arrayContaining(["glue:CreateDatabase", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"]),
  );
  expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
});

test("what the configuration leaves open is a star, or the environment's region", () => {
  const resource = (target: TargetConfig, env: { readonly [name: string]: string } = {}): string | undefined =>
    policyFor(target, env).Statement[1]?.Resource[2];

  expect(resource({ type: "glue" })).toBe("arn:aws:glue:*:*:table/*/*");
  expect(resource({ type: "glue" }, { AWS_REGION: "cn-north-1" })).toBe("arn:aws-cn:glue:cn-north-1:*:table/*/*");
  expect(resource({ type: "glue", region: "us-gov-west-1" })).toBe("arn:aws-us-gov:glue:us-gov-west-1:*:table/*/*");
});

test("a pipeline that calls nothing of AWS needs none, and says so", () => {
  expect(() => policyFor({ type: "changefeed", path: "-" })).toThrow("calls nothing of AWS");
});

test("a source is read and no more; databases that it names need not be listed", () => {
  const { Statement } = policyFor(
    { type: "changefeed", path: "-" },
    {},
    { type: "glue", region: "eu-west-1", databases: ["Sales", "hr_eu"] },
  );
  const arn = "arn:aws:glue:eu-west-1:*";

  expect(Statement).toEqual([
    {
      Sid: "TidemarkSourceReads",
      Effect: "Allow",
      Action: ["glue:GetTables", "glue:GetTable"],
      Resource: [`${arn}:catalog`, `${arn}:database/sales`, `${arn}:database/hr_eu`, `${arn}:table/sales/*`, `${arn}:table/hr_eu/*`],
    },
  ]);
});

test("dropping databases and giving them tags is allowed only where the configuration asks for it", () => {
  const actions = (target: Partial<GlueTargetConfig>): readonly string[] =>
    policyFor({ type: "glue", ...target }).Statement.flatMap(({ Action }) => Action);

  expect(actions({})).not.toEqual(expect.arrayContaining([expect.stringMatching(/DeleteDatabase|TagResource/)]));
  expect(actions({ delete_empty_databases: true })).toContain("glue:DeleteDatabase");
  expect(actions({ database_tags: { team: "data" } })).toContain("glue:TagResource");
});

test("a role's account and the templates of names narrow the resources", () => {
  const role = { arn: "arn:aws:iam::123456789012:role/catalog" };
  const { Statement } = policyFor({ type: "glue", region: "eu-west-1", role, database: "lake_{space}_dsp" });

  expect(Statement[1]?.Resource).toContain("arn:aws:glue:eu-west-1:123456789012:database/lake_*_dsp");
});
