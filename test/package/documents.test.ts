import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const documents = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })].sort();

describe.for(documents)("%s", (document) => {
  const text = readFileSync(join(root, document), "utf8");
  const links = [...text.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, label = "", target = ""]) => ({ label, target }));
  const local = links
    .filter(({ target }) => !/^(https?:|#)/.test(target))
    .map((link) => ({ ...link, target: link.target.replace(/#.*/, "") }));

  test("links to what is there", () => {
    const dead = local.filter(({ target }) => !existsSync(join(root, dirname(document), target)));
    expect(dead).toEqual([]);
  });

  test("names functions that their files export", () => {
    const named = local.filter(({ label, target }) => target.endsWith(".ts") && /^`\w+`$/.test(label));
    const wrong = named.filter(({ label, target }) => {
      const source = readFileSync(join(root, dirname(document), target), "utf8");
      return !new RegExp(`^export (async )?(function\\*?|class|const|interface|type) ${label.replaceAll("`", "")}\\b`, "m").test(source);
    });
    expect(wrong).toEqual([]);
  });
});

test("the README names the two commands that start and test first", () => {
  const [commands] = /```sh\n[\s\S]*?```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  expect(commands).toMatch(/^```sh\nnpm start .*\nnpm test .*\n```$/);
});

test("no document names a path of a machine", () => {
  const naming = documents.filter((document) =>
    /(^|[\s"'`(])\/(home|root|work|Users|tmp)\//m.test(readFileSync(join(root, document), "utf8")),
  );
  expect(naming).toEqual([]);
});
