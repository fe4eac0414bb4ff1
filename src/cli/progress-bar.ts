import type { SingleBar } from "cli-progress";
import type { Phase } from "../engine/surface.ts";
import { type EventSink, PHASE_NAMES } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { pace, tellProblems } from "./progress-lines.ts";
import { number } from "./views/human/text.ts";

const BAR_CELLS = 20;

/** Progress on a terminal: one line that is drawn over, gone when the work is done. Problems scroll by above it. */
export async function openProgressBar(out: Output, { problems }: { readonly problems: boolean }): Promise<EventSink> {
  const { SingleBar } = await import("cli-progress");
  const told = tellProblems(out);
  let bar: SingleBar | null = null;
  let state: PhaseState = { phase: "list", total: 0, done: 0, since: performance.now() };
  const draw = (): void => {
    if (out.closed) return;
    bar = new SingleBar({
      stream: out.stream,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      format: () => progressText(state, performance.now(), out.width),
    });
    bar.start(Math.max(state.total, 1), state.done);
  };
  const erase = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    event(event) {
      switch (event.kind) {
        case "phase":
          erase();
          state = { ...state, phase: event.phase, total: event.total ?? 0, done: 0, since: performance.now() };
          draw();
          return;
        case "progress":
          state = { ...state, phase: event.phase, done: event.done };
          bar?.update(event.done);
          return;
        case "budget":
          state = { ...state, budget: event };
          return;
        case "problem":
          if (!problems) return;
          erase();
          told(event);
          draw();
          return;
        case "debug":
        case "request":
          return;
      }
    },
    pause: erase,
    async close() {
      erase();
    },
  };
}

interface PhaseState {
  readonly phase: Phase;
  /** 0 where it is not known. */
  readonly total: number;
  readonly done: number;
  /** Milliseconds of the monotonic clock. */
  readonly since: number;
  /** What the source's endpoint still allows, where that is counted. */
  readonly budget?: { readonly left: number; readonly per_minute: number };
}

/** The line of progress, with what is left of the source's budget where the terminal has room for it. */
export function progressText(state: PhaseState, now: number, width: number = Number.POSITIVE_INFINITY): string {
  const text = phaseText(state, now);
  const { budget, phase } = state;
  // Writing spends nothing of the source's budget.
  if (budget === undefined || phase === "apply" || phase === "commit") return text;
  const left = ` · ${number(budget.left)} of ${number(budget.per_minute)} requests left`;
  return text.length + left.length > width ? text : `${text}${left}`;
}

/** `Applying [████████            ] 412 of 1,000 · 137/s · 4.3 s left`; without a total, the count and the rate. */
function phaseText({ phase, total, done, since }: PhaseState, now: number): string {
  const { speed, left } = pace(done, total, now - since);
  if (total === 0) return `${PHASE_NAMES[phase]}${done === 0 ? "" : ` ${number(done)}`}${speed}`;
  const full = Math.min(BAR_CELLS, Math.floor((done / total) * BAR_CELLS));
  return `${PHASE_NAMES[phase]} [${"█".repeat(full)}${" ".repeat(BAR_CELLS - full)}] ${number(done)} of ${number(total)}${speed}${left}`;
}
