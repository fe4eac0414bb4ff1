import type { EventSink } from "./event-sink.ts";
import type { Output } from "./output.ts";
import { headerLine, lineText } from "./views/json/lines.ts";

export interface EventLinesOptions {
  readonly out: Output;
  readonly pipeline: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** How often the progress of a phase is told at most. */
const EVERY_MS = 1_000;

/** The events of a run as JSON Lines, header first; the command writes the report as the last line. */
export async function eventLines({ out, pipeline, now = () => performance.now() }: EventLinesOptions): Promise<EventSink> {
  await out.write(headerLine({ pipeline }));
  let last = now();
  return {
    event({ kind, ...event }) {
      if (kind !== "phase" && kind !== "progress" && kind !== "problem") return;
      if (kind === "progress" && now() - last < EVERY_MS) return;
      if (kind === "progress") last = now();
      void out.write(lineText({ type: kind, time: new Date().toISOString(), ...event }));
    },
    async close() {},
  };
}
