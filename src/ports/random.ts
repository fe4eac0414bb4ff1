/** Randomness, an argument so that a simulation can repeat itself. */
export interface Random {
  uuid(): string;
  /** At least 0, below 1. */
  next(): number;
}
