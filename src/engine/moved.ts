import { TidemarkError } from "../model/errors.ts";

/** How much of what moved is told by name. */
const SPELLED_OUT = 20;

/** Collects what moved since a plan was saved, in bounded memory. */
export class Moved {
  readonly #told: string[] = [];
  #count = 0;

  add(sentence: string): void {
    this.#count++;
    if (this.#told.length < SPELLED_OUT) this.#told.push(sentence);
  }

  /** Throws `plan_stale` with everything that was collected. */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const rest = this.#count - this.#told.length;
    const lines = ["The plan is stale, and nothing was written:", ...this.#told, ...(rest > 0 ? [`… and ${rest} more.`] : [])];
    throw new TidemarkError("plan_stale", lines.join("\n"), {
      remedy: "Make it anew with `tidemark plan --out FILE` and look at it again.",
    });
  }
}
