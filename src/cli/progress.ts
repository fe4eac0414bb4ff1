import type { Log } from "../engine/surface.ts";
import type { Context } from "./context.ts";
import { openEventFile } from "./event-file.ts";
import type { EventSink } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { openProgressBar } from "./progress-bar.ts";
import { eventLines } from "./event-lines.ts";
import { progressLines } from "./progress-lines.ts";
import { safe } from "./views/human/text.ts";

export interface ProgressOptions {
  /**
   * Where problems are told as they come, although a result that has them all may follow: everywhere, where a person watches and the
   * result is still far, or nowhere. Told everywhere they would stand twice in a log that takes both streams. Default: everywhere.
   */
  readonly problems?: "everywhere" | "on a terminal" | "nowhere";
  /** Where the events of a run go as lines with `-o ndjson`. */
  readonly lines?: { readonly out: Output; readonly pipeline: string };
}

export type ProgressLog = Log &
  AsyncDisposable & {
    /** Clears the line that is drawn over, so that a question can be asked. The next event draws it again. */
    pause(): void;
  };

/**
 * The log of a command: a bar on a terminal, a plain line every ten seconds elsewhere, nothing with `--quiet`, `--json` or `-o ndjson`; with `-v`
 * what goes on behind it; with `--log-file` everything, as JSON Lines. All of it on standard error or in that file.
 */
export async function openProgress(
  context: Context,
  { problems: where = "everywhere", lines }: ProgressOptions = {},
): Promise<ProgressLog> {
  const { global, err, cwd } = context;
  const problems = where === "everywhere" || (where === "on a terminal" && err.isTerminal);
  const sinks: EventSink[] = [];
  if (global.logFile !== undefined) sinks.push(await openEventFile(global.logFile, cwd));
  if (global.ndjson === true && lines !== undefined) sinks.push(await eventLines(lines));
  if (global.quiet !== true && global.json !== true && global.ndjson !== true)
    sinks.push(isDrawnOver(context) ? await openProgressBar(err, { problems }) : progressLines(err, { problems }));
  if (global.verbose !== undefined) sinks.push(debugLines(context));
  return {
    event(event) {
      for (const sink of sinks) sink.event(event);
    },
    pause() {
      for (const sink of sinks) sink.pause?.();
    },
    async [Symbol.asyncDispose]() {
      for (const sink of sinks) await sink.close();
    },
  };
}

// A dumb terminal cannot move its cursor.
function isDrawnOver({ global, err, env }: Context): boolean {
  return err.isTerminal && global.verbose === undefined && env["TERM"] !== "dumb";
}

function debugLines({ err }: Context): EventSink {
  return {
    event(event) {
      if (event.kind === "debug") void err.write(`${err.paint("dim", safe(`${event.message} ${JSON.stringify(event.fields)}`))}\n`);
    },
    async close() {},
  };
}
