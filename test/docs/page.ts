import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "../..");

/** A fenced block of a page. */
export interface Block {
  readonly line: number;
  readonly language: string;
  /** `[name]` behind the language: the file that the block is. */
  readonly file: string | null;
  /** Why it is not run, where a `<!-- not run: … -->` stands before it. */
  readonly notRun: string | null;
  readonly text: string;
}

export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
}

const FENCE =
  /^(?:<!-- not run: (?<why>[^\n]*?) -->\n+)?(?<indent> *)```(?<language>\w+)(?: \[(?<file>[^\]]+)\])?\n(?<text>[\s\S]*?)^\k<indent>```$/gm;

/** The fenced blocks of a page of the documentation, in their order. */
export function readPage(path: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  const blocks = [...text.matchAll(FENCE)].map((match) => {
    const { why, language = "", file, text: inner = "", indent = "" } = match.groups ?? {};
    return {
      line: text.slice(0, match.index).split("\n").length,
      language,
      file: file ?? null,
      notRun: why ?? null,
      text: inner.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    };
  });
  return { path, blocks };
}

/** The commands of a `sh` block: lines, with what belongs to them (continuations, here-documents). */
export function commandsOf({ text }: Block): readonly string[] {
  const commands: string[] = [];
  const lines = text.split("\n");
  while (lines.length > 0) {
    let command = lines.shift() ?? "";
    if (command.trim() === "" || command.startsWith("#")) continue;
    while (command.endsWith("\\") && lines.length > 0) command += `\n${lines.shift()}`;
    const [, end] = /<<'?(\w+)'?/.exec(command) ?? [];
    if (end !== undefined) command += `\n${lines.splice(0, lines.indexOf(end) + 1).join("\n")}`;
    commands.push(command);
  }
  return commands;
}
