import type { ExitCode } from "../engine/exit-code.ts";
import type { GlobalOptions } from "./commands.ts";
import type { Output } from "./output.ts";

/** What a command knows of the world it was called in. */
export interface Context {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** The result, and nothing else. */
  readonly out: Output;
  /** Progress, warnings, errors. */
  readonly err: Output;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly global: GlobalOptions;
  /** Standard input: what `fingerprint` reads without a file. */
  readonly stdin: NodeJS.ReadableStream;
  /** Whether a person is there to be asked. */
  readonly mayAsk: boolean;
}

/** What a command does: arguments in, the result printed, the exit code out. */
export type Work<Options> = (context: Context, options: Options, args: readonly string[]) => Promise<ExitCode>;

/** Makes a commander action of a command's work. */
export type Act = <Options extends object>(work: Work<Options>) => (...given: unknown[]) => Promise<void>;
