import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { notice } from "./notice.ts";

const root = join(import.meta.dirname, "../../../shared");

/** True where the reference material (real exports, hash vectors) lies beside the checkout. */
export const sharedIsThere: boolean = existsSync(join(root, "vectors")) && existsSync(join(root, "data"));

if (!sharedIsThere) notice(`There is no ${root}: tests on the reference material are skipped.`);

/** A path inside the reference material. */
export function sharedPath(...parts: readonly string[]): string {
  return join(root, ...parts);
}

/** `describe` for tests on the reference material; skipped where it is absent. */
export const describeShared: typeof describe | typeof describe.skip = sharedIsThere ? describe : describe.skip;
