import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { root } from "./page.ts";

function build(docs: string, site: string, cwd: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const program = join(root, "node_modules/vitepress/bin/vitepress.js");
  // Its colours also show where CI is set, whatever it prints to.
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  return promisify(execFile)(process.execPath, [program, "build", docs, "--outDir", site], { cwd, env });
}

test("the site builds without a dead link, every page in it, and no comment for tests shows", { timeout: 300_000 }, async () => {
  const site = await temporaryFolder();

  await build("docs", site, root);

  const pages = globSync("**/*.md", { cwd: join(root, "docs") });
  expect(pages.filter((page) => !existsSync(join(site, page.replace(/\.md$/, ".html"))))).toEqual([]);
  const guide = await readFile(join(site, "guide/connect-glue.html"), "utf8");
  expect(guide).not.toContain("not run:");
  expect(guide).toContain("The permissions");
});

test("a dead link fails the build, and is named", { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  // The site's own configuration over pages that are a title each: only the link is of interest.
  await cp(join(root, "docs/.vitepress"), join(folder, "docs/.vitepress"), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await mkdir(join(folder, "docs/guide"));
  for (const page of globSync("guide/*.md", { cwd: join(root, "docs") })) await writeFile(join(folder, "docs", page), `# ${page}\n`);
  await writeFile(join(folder, "docs/index.md"), "# Planted\n\n[a page](guide/operate.md) and [none](guide/operat.md)\n");

  const failure: unknown = await build("docs", join(folder, "site"), folder).catch((error: unknown) => error);

  // It names the one link and no other, so that nothing else was wrong with the place.
  const { stderr } = failure as { readonly stderr: string };
  expect(stderr).toMatch(/1 dead link/);
  expect([...stderr.matchAll(/dead link \S*?(guide\S+) in/g)].map(([, link]) => link)).toEqual(["guide/operat"]);
});
