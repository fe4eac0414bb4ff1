import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { GLOBAL_OPTIONS } from "../../src/cli/commands.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { root } from "./page.ts";

const program = await buildProgram(
  () => async () => undefined,
  () => true,
);
const GLOBALS = new Set(["-h", "--help", "-V", "--version", ...GLOBAL_OPTIONS.flatMap(({ flags }) => flags.match(/-{1,2}[a-z-]+/g) ?? [])]);
const documents = globSync(["*.md", "docs/**/*.md", "deploy/**/*"], { cwd: root })
  .filter((path) => /\.(md|ya?ml|service|json)$|Dockerfile$/.test(path) && path !== "CHANGELOG.md")
  .sort();

test.for(documents.filter((path) => invocationsIn(path).length > 0))("%s names commands and options that there are", (path) => {
  const wrong = invocationsIn(path).flatMap((words) => mistakesIn(words).map((mistake) => `tidemark ${words.join(" ")}: ${mistake}`));

  expect(wrong).toEqual([]);
});

test("a mistyped command, option or sub-command's option would be found", () => {
  expect([["plna"], ["plan", "--al"], ["checkpoint", "rebuild", "--lineages", "x"], ["plan", "--all", "--json"]].map(mistakesIn)).toEqual([
    ["there is no plna"],
    ["plan has no --al"],
    ["rebuild has no --lineages"],
    [],
  ]);
});

/** What stands behind `tidemark` in code: in fences, in code spans, in files that are code as a whole; and as arguments of a container. */
function invocationsIn(path: string): readonly (readonly string[])[] {
  const text = readFileSync(join(root, path), "utf8");
  const code = path.endsWith(".md") ? (text.match(/^ *```[\s\S]*?^ *```$|`[^`\n]+`/gm) ?? []).join("\n") : text;
  const typed = [...code.matchAll(/(?<!--[\w-]+)(?:^|[\s`"(/])tidemark +((?:[^\s`"'|><;&#()\\]+ ?)+)/gm)].map(([, words = ""]) =>
    words.trim().split(/\s+/),
  );
  return [...typed.filter(([first = ""]) => /^(-{1,2})?[a-z][a-z-]*$/.test(first)), ...containerArguments(path, text)];
}

function containerArguments(path: string, text: string): readonly (readonly string[])[] {
  if (path.endsWith("cronjob.yaml"))
    return parseAllDocuments(text).flatMap((document) =>
      [...String(document).matchAll(/args: \[([^\]]*)\]/g)].map(([, list = ""]) => list.trim().split(/, */)),
    );
  if (path.endsWith("task-definition.json"))
    return (
      JSON.parse(text) as { readonly containerDefinitions: readonly { readonly command: readonly string[] }[] }
    ).containerDefinitions.map(({ command }) => command);
  return [];
}

function mistakesIn(words: readonly string[]): readonly string[] {
  let command: Command = program;
  const mistakes: string[] = [];
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word);
    if (child !== undefined) command = child;
    else if (word.startsWith("-")) {
      const flag = word.split("=")[0] ?? word;
      if (
        flag !== "-" &&
        flag !== "--" &&
        !GLOBALS.has(flag) &&
        !command.options.some(({ short, long }) => short === flag || long === flag)
      )
        mistakes.push(`${command.name()} has no ${flag}`);
    } else if (command.commands.length > 0 && word !== "help" && words.indexOf(word) === 0) mistakes.push(`there is no ${word}`);
  }
  return mistakes;
}
