import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { referenceFiles } from "../../scripts/reference/reference-files.ts";

const root = join(import.meta.dirname, "../..");

test.each([...(await referenceFiles())])("%s is what the code says; `node scripts/generate-reference.ts` writes it", (path, text) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(text);
});
