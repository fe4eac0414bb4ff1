import type { Catalogs, StoredDatabase } from "./catalogs.ts";
import { invalidInput } from "./glue-error.ts";
import * as limits from "./limits.ts";
import { reading, writing, type Operation } from "./operation.ts";
import { list, map, required, structure } from "./shape.ts";

const MOST_TAGS = 50;

interface OfResource {
  readonly ResourceArn: string;
}

interface TagResource extends OfResource {
  readonly TagsToAdd: Readonly<Record<string, string>>;
}

const tagResource: Operation = writing(
  structure<TagResource>({
    ResourceArn: required(limits.resourceArn),
    TagsToAdd: required(map(limits.tagKey, limits.tagValue, { max: MOST_TAGS })),
  }),
  ({ ResourceArn, TagsToAdd }, { catalogs }) => {
    const { tags } = taggable(ResourceArn, catalogs);
    const added = Object.entries(TagsToAdd);
    if (tags.size + added.filter(([key]) => !tags.has(key)).length > MOST_TAGS)
      throw invalidInput(`A resource has at most ${MOST_TAGS} tags.`);
    for (const [key, value] of added) tags.set(key, value);
    return {};
  },
);

interface UntagResource extends OfResource {
  readonly TagsToRemove: readonly string[];
}

const untagResource: Operation = writing(
  structure<UntagResource>({ ResourceArn: required(limits.resourceArn), TagsToRemove: required(list(limits.tagKey, { max: MOST_TAGS })) }),
  ({ ResourceArn, TagsToRemove }, { catalogs }) => {
    const { tags } = taggable(ResourceArn, catalogs);
    for (const key of TagsToRemove) tags.delete(key);
    return {};
  },
);

const getTags: Operation = reading(
  structure<OfResource>({ ResourceArn: required(limits.resourceArn) }),
  ({ ResourceArn }, { catalogs }) => ({
    Tags: Object.fromEntries(taggable(ResourceArn, catalogs).tags),
  }),
);

// `arn:aws:glue:<region>:<account>:database/<name>`. Of what this sandbox holds, databases alone bear tags; tables do not, in Glue either.
function taggable(arn: string, catalogs: Catalogs): StoredDatabase {
  const [account, ...resource] = arn.split(":").slice(4);
  const [kind, ...name] = resource.join(":").split("/");
  if (kind !== "database" || name.length === 0) throw invalidInput(`The resource '${arn}' cannot be tagged.`);
  return catalogs.database(account === "" ? undefined : account, name.join("/"));
}

export const tagOperations: Readonly<Record<string, Operation>> = {
  TagResource: tagResource,
  UntagResource: untagResource,
  GetTags: getTags,
};
