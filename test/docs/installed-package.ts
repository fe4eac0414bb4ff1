import { execFile } from "node:child_process";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./page.ts";

const run = promisify(execFile);

/** Builds and packs the package as it is published, in a folder of its own, beside whatever `dist/` stands in the checkout. Answers with the tarball. */
export async function packPackage(folder: string): Promise<string> {
  const copy = join(folder, "checkout");
  await mkdir(copy, { recursive: true });
  for (const part of [
    "src",
    "scripts",
    "docs",
    "schema",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
  ])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  // What is written is the same unchecked, and `npm run types` checks all of it.
  await run(process.execPath, ["scripts/build.ts", "--noCheck"], { cwd: copy });
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder], {
    cwd: copy,
  });
  const described = JSON.parse(stdout) as unknown;
  // npm 12 answers with an object by package name, older ones with a list.
  const [entry] = Object.values(described as object) as readonly { readonly filename: string }[];
  if (entry === undefined) throw new Error(`npm pack answered ${stdout}`);
  return join(folder, entry.filename);
}
