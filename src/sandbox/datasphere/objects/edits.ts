import * as z from "zod";
import type { JsonObject } from "../../../model/json.ts";
import { EDITS } from "../../tenant/edits.ts";
import { OBJECT_TYPES, type ObjectType } from "./object-types.ts";

/** Kinds of change that the generator knows, by what they touch. */
export const EDIT_KINDS = ["content", "schema", "metadata", "logic", "noise"] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** Which of the generator's changes may be made. All that are no noise, where neither is given. */
export interface Choice {
  readonly kinds?: readonly EditKind[] | undefined;
  /** Names of single ones, such as `column added`. */
  readonly edits?: readonly string[] | undefined;
  /** Another seed chooses otherwise. */
  readonly seed?: number | undefined;
}

interface Saving {
  /** False: saved only, so that the deployed state stays what it was. Default true. */
  readonly deploy?: boolean | undefined;
}

interface Named {
  readonly space: string;
  readonly name: string;
}

/** Something that people do to the tenant. */
export type TenantEdit =
  /** One of the generator's changes, or a definition of one's own in the place of the old one. */
  | ({ readonly edit: "change"; readonly definition?: JsonObject | undefined } & Named & Choice & Saving)
  /** A new object: with the definition given, or made up. Without a name its name is made up too. */
  | ({
      readonly edit: "add";
      readonly space: string;
      readonly name?: string | undefined;
      readonly type?: ObjectType | undefined;
      readonly definition?: JsonObject | undefined;
    } & Saving)
  | ({ readonly edit: "delete" } & Named)
  /** The same object under another name: for the tenant a deletion and an addition. */
  | ({ readonly edit: "rename"; readonly to: string; readonly to_space?: string | undefined } & Named)
  | ({ readonly edit: "expose" | "unexpose" } & Named & Saving)
  | ({ readonly edit: "deploy" } & Named)
  | { readonly edit: "add_space" | "delete_space"; readonly space: string }
  /** The technical user ceases to be a member of the space, or becomes one. */
  | { readonly edit: "forbid" | "permit"; readonly space: string }
  /** Many at once: exactly that share of all assets, or that many. */
  | ({
      readonly edit: "random";
      readonly does: "change" | "delete" | "unexpose" | "add";
      readonly percent?: number | undefined;
      readonly count?: number | undefined;
    } & Choice &
      Saving);

/** What an edit came to, object by object. */
export interface Edited {
  readonly edit: Exclude<TenantEdit["edit"], "random">;
  readonly space: string;
  readonly name?: string;
  /** The generator's changes that were made, and the facets that they change. */
  readonly edits?: readonly string[];
  readonly facets?: readonly string[];
}

/** An edit that makes no sense for this tenant. */
export class EditError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EditError";
  }
}

const names = new Set(EDITS.map(({ name }) => name));
const space = z.string().regex(/^\w+$/, "a space's name has letters, digits and _");
const name = z.string().min(1);
const deploy = z.boolean().optional();
const definition = z.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value)).optional();
const choice = {
  kinds: z.array(z.enum(EDIT_KINDS)).min(1).optional(),
  edits: z
    .array(z.string().refine((edit) => names.has(edit), "not a change that the generator knows"))
    .min(1)
    .optional(),
  seed: z.int().min(0).optional(),
};

/** Edits as the control API takes them. */
export const editList: z.ZodType<readonly TenantEdit[]> = z.array(
  z.discriminatedUnion("edit", [
    z.strictObject({ edit: z.literal("change"), space, name, definition, deploy, ...choice }),
    z.strictObject({
      edit: z.literal("add"),
      space,
      name: name.optional(),
      type: z.enum(Object.keys(OBJECT_TYPES) as [ObjectType, ...ObjectType[]]).optional(),
      definition,
      deploy,
    }),
    z.strictObject({ edit: z.literal("delete"), space, name }),
    z.strictObject({ edit: z.literal("rename"), space, name, to: name, to_space: space.optional() }),
    z.strictObject({ edit: z.enum(["expose", "unexpose"]), space, name, deploy }),
    z.strictObject({ edit: z.literal("deploy"), space, name }),
    z.strictObject({ edit: z.enum(["add_space", "delete_space", "forbid", "permit"]), space }),
    z
      .strictObject({
        edit: z.literal("random"),
        does: z.enum(["change", "delete", "unexpose", "add"]),
        percent: z.number().min(0).max(100).optional(),
        count: z.int().min(0).optional(),
        deploy,
        ...choice,
      })
      .refine(({ percent, count }) => (percent === undefined) !== (count === undefined), "give either percent or count"),
  ]),
);
