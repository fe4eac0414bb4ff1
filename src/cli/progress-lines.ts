import type { Phase, RunEvent } from "../engine/surface.ts";
import { type EventSink, PHASE_NAMES } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { duration, number, safe } from "./views/human/text.ts";

const EVERY_MS = 10_000;

export interface ProgressLinesOptions {
  readonly problems: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Progress where there is no terminal: one plain line every ten seconds, so that a log shows that the work goes on, and problems as they come. */
export function progressLines(out: Output, { problems, now = () => performance.now() }: ProgressLinesOptions): EventSink {
  let last = now();
  let since = last;
  let total: number | undefined;
  const told = tellProblems(out);
  const line = (phase: Phase, done: number): void => {
    if (now() - last < EVERY_MS) return;
    last = now();
    const { speed, left } = pace(done, total ?? 0, now() - since);
    void out.write(`${PHASE_NAMES[phase]}: ${number(done)}${total === undefined ? "" : ` of ${number(total)}`}${speed}${left}\n`);
  };
  return {
    event(event) {
      if (event.kind === "phase") {
        total = event.total;
        since = now();
      } else if (event.kind === "progress") line(event.phase, event.done);
      else if (problems) told(event);
    },
    async close() {},
  };
}

/** ` · 137/s` and ` · 4.3 s left`; empty where they are not known yet. A total of 0 is none. */
export function pace(done: number, total: number, ms: number): { readonly speed: string; readonly left: string } {
  if (ms <= 500 || done === 0) return { speed: "", left: "" };
  const rate = (done / ms) * 1000;
  return { speed: ` · ${number(rate)}/s`, left: done >= total ? "" : ` · ${duration(((total - done) / rate) * 1000)} left` };
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
