import type { Command } from "commander";
import type { Act } from "./context.ts";
import { OUTPUT_FORMATS } from "./output-format.ts";

/** A command's module: puts options, help and action onto the commander command that carries its name. */
export interface CommandModule {
  define(command: Command, act: Act): void;
}

export interface CommandEntry {
  readonly name: string;
  /** One line for `tidemark --help`. */
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of the help. A command's code is loaded only when it is used. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "init", summary: "write a commented tidemark.yaml", load: () => import("./commands/init.ts") },
  { name: "plan", summary: "show what a sync would do; writes nothing", load: () => import("./commands/plan.ts") },
  { name: "changes", summary: "show which assets changed, by their hashes alone", load: () => import("./commands/changes.ts") },
  { name: "apply", summary: "carry out a saved plan, exactly or not at all", load: () => import("./commands/apply.ts") },
  { name: "sync", summary: "bring the target in step with the source", load: () => import("./commands/sync.ts") },
  { name: "verify", summary: "show what others changed in the target", load: () => import("./commands/verify.ts") },
  { name: "diff", summary: "show one asset in source, checkpoint and target", load: () => import("./commands/diff.ts") },
  { name: "adopt", summary: "take over tables that Tidemark did not make", load: () => import("./commands/adopt.ts") },
  { name: "status", summary: "show the state of a pipeline and its last run", load: () => import("./commands/status.ts") },
  { name: "runs", summary: "show past runs and what they cost", load: () => import("./commands/runs.ts") },
  { name: "history", summary: "show what was done to which asset, newest first", load: () => import("./commands/history.ts") },
  { name: "retire", summary: "take a space or a pipeline out of the target", load: () => import("./commands/retire.ts") },
  { name: "revert", summary: "take back what a run changed, or one asset", load: () => import("./commands/revert.ts") },
  {
    name: "checkpoint",
    summary: "look at, check, back up, restore and rebuild checkpoints",
    load: () => import("./commands/checkpoint.ts"),
  },
  { name: "fingerprint", summary: "print the three hashes of assets", load: () => import("./commands/fingerprint.ts") },
  { name: "config", summary: "check and show the configuration", load: () => import("./commands/config.ts") },
  { name: "doctor", summary: "check all that a sync needs, and say the way out", load: () => import("./commands/doctor.ts") },
  { name: "sandbox", summary: "run a local endpoint to try things on", load: () => import("./commands/sandbox.ts") },
  { name: "demo", summary: "see a sync on sample data, with nothing to set up", load: () => import("./commands/demo.ts") },
  { name: "mcp", summary: "let an AI assistant look, over MCP; read-only", load: () => import("./commands/mcp.ts") },
  { name: "completion", summary: "print a completion script for a shell", load: () => import("./commands/completion.ts") },
];

/** What the options of every command give. */
export interface GlobalOptions {
  readonly config?: string;
  readonly pipeline?: string;
  /** What standard output gets. `json` and `ndjson` are never both set; with neither, text for people. */
  readonly json?: true;
  readonly ndjson?: true;
  readonly quiet?: true;
  /** How often `-v` was given: from 1 on, what goes on behind the progress is told. */
  readonly verbose?: number;
  readonly input: boolean;
  readonly yes?: true;
  readonly logFile?: string;
}

interface GlobalOption {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Its value is how often it was given. */
  readonly counted?: true;
}

/** The options of every command; they may stand before or behind its name. */
export const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  { flags: "--config <file>", description: "configuration file (default: tidemark.yaml or .json here)" },
  { flags: "--pipeline <name>", description: "pipeline to act on, where there are several" },
  { flags: "-o, --output <format>", description: "text, json (one value), or ndjson (a line for each part)", choices: OUTPUT_FORMATS },
  { flags: "--json", description: "the same as -o json" },
  { flags: "-q, --quiet", description: "print the result only, no progress" },
  { flags: "-v, --verbose", description: "print also what goes on behind; -vv each request", counted: true },
  { flags: "--no-input", description: "never ask; also where CI is set or there is no terminal" },
  { flags: "-y, --yes", description: "answer every question with its default" },
  { flags: "--log-file <file>", description: "append all events to a file, as JSON Lines" },
];
