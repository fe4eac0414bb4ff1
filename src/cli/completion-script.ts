import type { Command } from "commander";

/** A completion script of a commander tree: at each command its sub-commands and options, elsewhere file names. */
export function completionScript(program: Command, shell: "bash" | "zsh" | "fish"): string {
  const words = wordsByCommand(program);
  switch (shell) {
    case "bash":
      return bashScript(words);
    case "zsh":
      // zsh runs bash's completion through its own compatibility layer.
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`;
    case "fish":
      return fishScript(words);
  }
}

/** What may stand behind each command, keyed by its path: "" for the program itself, "runs list" for a sub-command. */
function wordsByCommand(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const global = optionsOf(program);
  const visit = (command: Command, path: string): void => {
    words.set(path, [...command.commands.map((child) => child.name()), ...(path === "" ? [] : optionsOf(command)), ...global]);
    for (const child of command.commands) visit(child, path === "" ? child.name() : `${path} ${child.name()}`);
  };
  visit(program, "");
  return words;
}

function optionsOf(command: Command): readonly string[] {
  return [...command.options.flatMap((option) => (option.long == null ? [] : [option.long])), "--help"];
}

function bashScript(words: ReadonlyMap<string, readonly string[]>): string {
  const cases = [...words].map(([path, known]) => `    "${path}") known="${[...new Set(known)].join(" ")}" ;;`);
  return `_tidemark() {
  local path="" word known
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join("\n")}
    *) known="" ;;
  esac
  COMPREPLY=($(compgen -W "$known" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tidemark tidemark
`;
}

function fishScript(words: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...words].map(([path, known]) => {
    const condition =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((name) => `__fish_seen_subcommand_from ${name}`)
            .join("; and ");
    return `complete -c tidemark -n '${condition}' -a '${[...new Set(known)].join(" ")}'`;
  });
  return `${lines.join("\n")}\n`;
}
