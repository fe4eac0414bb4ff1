import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { root } from "./page.ts";

test("the site builds without a dead link, every page in it, and no comment for tests shows", { timeout: 300_000 }, async () => {
  const site = await temporaryFolder();

  await promisify(execFile)(process.execPath, ["node_modules/vitepress/bin/vitepress.js", "build", "docs", "--outDir", site], {
    cwd: root,
  });

  const pages = globSync("**/*.md", { cwd: join(root, "docs") });
  expect(pages.filter((page) => !existsSync(join(site, page.replace(/\.md$/, ".html"))))).toEqual([]);
  const guide = await readFile(join(site, "guide/connect-glue.html"), "utf8");
  expect(guide).not.toContain("not run:");
  expect(guide).toContain("The permissions");
});
