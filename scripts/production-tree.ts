import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readLockfile } from "./lockfile.ts";

/** Licences under which a package may reach our users. */
const LICENCES = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "BlueOak-1.0.0", "CC0-1.0", "Python-2.0"];

/** The folders, relative to `root`, of every package that comes with Tidemark, by its lockfile. */
export function productionPackages(root: string): readonly string[] {
  return Object.entries(readLockfile(root).packages)
    .filter(([path, entry]) => path !== "" && entry.dev !== true && entry.devOptional !== true)
    .map(([path]) => path);
}

/**
 * What a package that comes with Tidemark does that it must not: run code while it is installed, bring compiled code, or come under a
 * licence that asks more of our users than ours does. One sentence each; none for a good tree.
 */
export function objections(root: string): readonly string[] {
  const locked = readLockfile(root).packages;
  return productionPackages(root).flatMap((path) => {
    const folder = join(root, path);
    const { license = "none" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { license?: string };
    const native = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".node"));
    return [
      ...(locked[path]?.hasInstallScript === true ? [`${path} runs a script when it is installed.`] : []),
      ...(existsSync(join(folder, "binding.gyp")) ? [`${path} compiles native code when it is installed.`] : []),
      ...(native.length > 0 ? [`${path} brings compiled code: ${native.join(", ")}.`] : []),
      ...(isAllowed(license) ? [] : [`${path} comes under ${license}, which is not on the list.`]),
    ];
  });
}

/** Reads an SPDX expression of single licences joined by OR or AND. */
function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, "");
  return plain.split(" OR ").some((choice) => choice.split(" AND ").every((licence) => LICENCES.includes(licence.trim())));
}
