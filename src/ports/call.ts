/** What every call that waits takes. After `signal` aborts it starts no further effect, and throws the signal's reason or answers for what it did. */
export interface CallOptions {
  readonly signal: AbortSignal;
}
