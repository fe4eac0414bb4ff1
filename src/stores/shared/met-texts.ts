/** Texts of versions that were met lately: one that is packed against the next then costs one step, not a walk. */
export class MetTexts {
  readonly #texts = new Map<number, string>();
  readonly #most: number;
  #length = 0;

  /** `most`: of their characters. */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  get(seq: number): string | undefined {
    return this.#texts.get(seq);
  }

  add(seq: number, text: string): void {
    this.#drop(seq);
    this.#texts.set(seq, text);
    this.#length += text.length;
    while (this.#length > this.#most) this.#drop(this.#texts.keys().next().value as number);
  }

  #drop(seq: number): void {
    this.#length -= this.#texts.get(seq)?.length ?? 0;
    this.#texts.delete(seq);
  }
}

const MOST = 1 << 24;
