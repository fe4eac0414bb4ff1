import { accountOf } from "../../connectors/glue/credentials.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { GlueConnectionConfig } from "../glue-connection.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Environment } from "../references.ts";
import type { Permission } from "./glue-permissions.ts";
import { type GlueUse, glueUses } from "./glue-use.ts";

/** A policy document as IAM takes it. */
export interface IamPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/**
 * The least that a sync of this pipeline needs: the actions that it calls, on the databases that it reads or writes. Made of the
 * configuration alone, without a request. What the configuration leaves open, an account or a region, is `*`.
 *
 * Throws `usage` for a pipeline that calls nothing of AWS.
 */
export function iamPolicy(pipeline: Pipeline, env: Environment): IamPolicy {
  const uses = glueUses(pipeline);
  if (uses.length === 0)
    throw new TidemarkError("usage", `Pipeline ${pipeline.name} calls nothing of AWS, so it needs no IAM policy.`, {
      remedy: "Name one with Glue at an end with `--pipeline`.",
    });
  return { Version: "2012-10-17", Statement: uses.flatMap((use) => statementsFor(use, env)) };
}

function statementsFor({ side, connection, permissions, databases }: GlueUse, env: Environment): readonly Statement[] {
  const arn = arnOf(connection, env);
  const inEach = (kind: string, below: string): readonly string[] => databases.map((pattern) => `${arn}:${kind}/${pattern}${below}`);
  const covered = [`${arn}:catalog`, ...inEach("database", ""), ...inEach("table", "/*")];
  const statement = (name: string, Resource: readonly string[], covers: (permission: Permission) => boolean): readonly Statement[] => {
    const Action = permissions.filter(covers).map(({ action }) => action);
    const Sid = `Tidemark${side === "source" ? "Source" : "Target"}${name}`;
    return Action.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource }];
  };
  return [
    // A listing of databases cannot be narrowed.
    ...statement("Lists", [`${arn}:catalog`, `${arn}:database/*`], isListing),
    ...statement("Reads", covered, (permission) => !permission.writes && !isListing(permission)),
    ...statement("Writes", covered, (permission) => permission.writes && !isDropping(permission)),
    // Whoever drops a database drops all that it holds.
    ...statement("Drops", [...covered, ...inEach("userDefinedFunction", "/*")], isDropping),
  ];
}

const isListing = ({ action }: Permission): boolean => action === "glue:GetDatabases";
const isDropping = ({ action }: Permission): boolean => action === "glue:DeleteDatabase";

function arnOf({ region, catalog_id, role }: GlueConnectionConfig, env: Environment): string {
  const place = region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "*";
  const account = /^\d{12}/.exec(catalog_id ?? "")?.[0] ?? accountOf(role) ?? "*";
  return `arn:${partitionOf(place)}:glue:${place}:${account}`;
}

/** The part of AWS that a region belongs to, by the beginning of its name. */
function partitionOf(region: string): string {
  return PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? "aws";
}

const PARTITIONS: readonly (readonly [beginning: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
  ["us-iso-", "aws-iso"],
  ["eu-isoe-", "aws-iso-e"],
  ["eusc-", "aws-eusc"],
];
