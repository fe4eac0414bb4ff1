/** When a fault strikes, among the requests that it matches. */
export interface Turns {
  /** The first request that it strikes, counted from 1 over those that match since the fault was set. Default 1. */
  readonly at?: number | undefined;
  /** How many requests in a row it strikes. Default 1. */
  readonly times?: number | "always" | undefined;
}

/** A fault that waits, with how many matching requests it has seen and how many it struck. */
export type ArmedFault<F extends Turns> = F & { readonly seen: number; readonly struck: number };

/** The faults that wait for their requests. */
export class FaultPlan<F extends Turns, Request> {
  readonly #matches: (fault: F, request: Request) => boolean;
  #armed: { readonly fault: F; seen: number; struck: number }[] = [];

  constructor(matches: (fault: F, request: Request) => boolean) {
    this.#matches = matches;
  }

  add(faults: readonly F[]): void {
    this.#armed.push(...faults.map((fault) => ({ fault, seen: 0, struck: 0 })));
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly ArmedFault<F>[] {
    return this.#armed.map(({ fault, seen, struck }) => ({ ...fault, seen, struck }));
  }

  /** Counts a request for every fault that it matches, and answers with the first that strikes it. */
  strike(request: Request): F | null {
    const matching = this.#armed.filter(({ fault }) => this.#matches(fault, request));
    for (const armed of matching) armed.seen += 1;
    const striking = matching.find(({ fault: { at = 1, times = 1 }, seen }) => seen >= at && (times === "always" || seen < at + times));
    if (striking === undefined) return null;
    striking.struck += 1;
    return striking.fault;
  }
}
