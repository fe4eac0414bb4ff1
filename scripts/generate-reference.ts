/** Writes the reference pages and the JSON Schema that are made of the code. A test holds the files to what this would write. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { referenceFiles } from "./reference/reference-files.ts";

const root = join(import.meta.dirname, "..");

for (const [path, text] of await referenceFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
