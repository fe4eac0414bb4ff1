import type { Log, RunEvent } from "../engine/surface.ts";
import type { Context } from "./context.ts";
import { openEventFile } from "./event-file.ts";
import type { EventSink } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { openProgressBar } from "./progress-bar.ts";
import { eventLines } from "./event-lines.ts";
import { progressLines } from "./progress-lines.ts";
import { bytes, duration, safe } from "./views/human/text.ts";

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
 * what goes on behind it, with `-vv` each request; with `--log-file` everything, as JSON Lines. All of it on standard error or in that file.
 */
export async function openProgress(
  context: Context,
  { problems: where = "everywhere", lines }: ProgressOptions = {},
): Promise<ProgressLog> {
  const { global, err, cwd } = context;
  const problems = where === "everywhere" || (where === "on a terminal" && err.isTerminal);
  const sinks: EventSink[] = [];
  if (global.logFile !== undefined) sinks.push(await openEventFile(global.logFile, cwd, { requests: isVeryVerbose(context) }));
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

function isVeryVerbose({ global }: Context): boolean {
  return (global.verbose ?? 0) > 1;
}

function debugLines(context: Context): EventSink {
  const { err } = context;
  const line = (text: string): void => void err.write(`${err.paint("dim", safe(text))}\n`);
  return {
    event(event) {
      if (event.kind === "debug") line(`${event.message} ${JSON.stringify(event.fields)}`);
      else if (event.kind === "request" && isVeryVerbose(context)) line(requestText(event));
    },
    async close() {},
  };
}

/** `target: GetTables dsp_sales: 200, 41 ms, 1.2 KB sent, 8.3 KB received`. */
function requestText({ end, what, status, duration_ms, sent, received }: Extract<RunEvent, { kind: "request" }>): string {
  return `${end}: ${what}: ${status ?? "no answer"}, ${duration(duration_ms)}, ${bytes(sent)} sent, ${bytes(received)} received`;
}
