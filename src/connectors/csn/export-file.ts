import { createHash } from "node:crypto";
import { spaceOf, technicalNameOf, type AssetId } from "../../model/asset.ts";
import type { TargetRef } from "../../ports/target.ts";

/**
 * The file of an asset, below the target's folder: `<space>/<technical name>.json`, a file for each. What not every file system takes in
 * a name is percent-encoded, so that two names never share a file; a name that is too long is cut, with a hash of the whole.
 */
export function exportFile(id: AssetId): TargetRef {
  const space = encoded(spaceOf(id), /[^A-Za-z0-9_%]/gu);
  const name = encoded(technicalNameOf(id), /[^A-Za-z0-9_.-]|^\./gu);
  if (name.length <= LONGEST) return { key: `${space}/${name}.json`, warnings: [] };
  const hash = createHash("sha256").update(technicalNameOf(id)).digest("hex").slice(0, HASH_LENGTH);
  const key = `${space}/${name.slice(0, LONGEST - HASH_LENGTH - 1)}~${hash}.json`;
  const message = `The name of ${id} is too long for a file's: its file is ${key}. The definition in it bears the full name.`;
  return { key, warnings: [{ asset_id: id, code: "name_shortened", message }] };
}

/** Room for an ending within the 255 bytes that file systems give a name. */
const LONGEST = 200;
const HASH_LENGTH = 16;

function encoded(name: string, unsafe: RegExp): string {
  return name.replaceAll(unsafe, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}
