/** Texts of versions that were met lately: one that is packed against the next then costs one step, not a walk. */
export class MetTexts {
  readonly #texts = new Map<number, string>();

  get(seq: number): string | undefined {
    return this.#texts.get(seq);
  }

  add(seq: number, text: string): void {
    this.#texts.set(seq, text);
    if (this.#texts.size <= MET_AT_MOST) return;
    const [oldest] = this.#texts.keys();
    this.#texts.delete(oldest as number);
  }
}

/** Bounds the memory that they take. */
const MET_AT_MOST = 2_000;
