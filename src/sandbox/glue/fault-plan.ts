import type { Fault } from "./faults.ts";

/** A fault that waits, with how many matching requests it has seen and how many it struck. */
export interface ArmedFault extends Fault {
  readonly seen: number;
  readonly struck: number;
}

/** The faults that wait for their requests. */
export class FaultPlan {
  #armed: { readonly fault: Fault; seen: number; struck: number }[] = [];

  add(faults: readonly Fault[]): void {
    this.#armed.push(...faults.map((fault) => ({ fault, seen: 0, struck: 0 })));
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly ArmedFault[] {
    return this.#armed.map(({ fault, seen, struck }) => ({ ...fault, seen, struck }));
  }

  /** Counts a request for every fault that it matches, and answers with the first that strikes it. */
  strike(operation: string): Fault | null {
    const matching = this.#armed.filter(({ fault }) => fault.operation === undefined || fault.operation === operation);
    for (const armed of matching) armed.seen += 1;
    const striking = matching.find(({ fault: { at = 1, times = 1 }, seen }) => seen >= at && (times === "always" || seen < at + times));
    if (striking === undefined) return null;
    striking.struck += 1;
    return striking.fault;
  }
}
