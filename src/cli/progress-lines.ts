import type { Phase, RunEvent } from "../engine/surface.ts";
import { type EventSink, PHASE_NAMES } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { number, safe } from "./views/human/text.ts";

const EVERY_MS = 10_000;

export interface ProgressLinesOptions {
  readonly problems: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Progress where there is no terminal: one plain line every ten seconds, so that a log shows that the work goes on, and problems as they come. */
export function progressLines(out: Output, { problems, now = () => performance.now() }: ProgressLinesOptions): EventSink {
  let last = now();
  let total: number | undefined;
  const told = tellProblems(out);
  const line = (phase: Phase, done: number): void => {
    if (now() - last < EVERY_MS) return;
    last = now();
    void out.write(`${PHASE_NAMES[phase]}: ${number(done)}${total === undefined ? "" : ` of ${number(total)}`}\n`);
  };
  return {
    event(event) {
      if (event.kind === "phase") total = event.total;
      else if (event.kind === "progress") line(event.phase, event.done);
      else if (problems) told(event);
    },
    async close() {},
  };
}

/** How many problems are told while a run goes on; the report at its end has them all. */
const TOLD = 20;

/** Tells the first problems as they come. */
export function tellProblems(out: Output): (event: RunEvent) => void {
  let told = 0;
  return (event) => {
    if (event.kind !== "problem" || told > TOLD) return;
    told++;
    const text = told > TOLD ? "More problems follow; the report at the end tells them." : safe(problemText(event.message, event.asset_id));
    void out.write(`${out.paint("yellow", "!")} ${text}\n`);
  };
}

function problemText(message: string, asset: string | undefined): string {
  return asset === undefined || message.includes(asset) ? message : `${asset}: ${message}`;
}
