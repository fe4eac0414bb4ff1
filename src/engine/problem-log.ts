import { type Problem, type Severity, severityOf } from "../model/errors.ts";
import type { Log } from "../ports/log.ts";

/** How many problems a report spells out. Beyond, it counts. */
const SPELLED_OUT = 1_000;

/** Collects the problems of a run in bounded memory and tells each to the log as it comes. */
export class ProblemLog {
  readonly #log: Log;
  readonly #problems: Problem[] = [];
  readonly #severities = new Set<Severity>();
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  add(problem: Problem): void {
    this.#count++;
    const severity = severityOf(problem.code);
    // The first of each severity is always spelled out: the exit code is read from the list.
    if (this.#problems.length < SPELLED_OUT || !this.#severities.has(severity)) this.#problems.push(problem);
    this.#severities.add(severity);
    this.#log.event({
      kind: "problem",
      message: problem.message,
      ...(problem.asset_id === undefined ? {} : { asset_id: problem.asset_id }),
    });
  }

  /** The first thousand, and the first of each severity, in the order they came. */
  get spelledOut(): readonly Problem[] {
    return [...this.#problems];
  }

  get count(): number {
    return this.#count;
  }
}
