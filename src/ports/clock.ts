/** Time, for people to read and for pauses. Nothing is decided by wall time. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. May jump. */
  now(): number;
  /** Milliseconds on a clock that only goes forward; for durations. */
  monotonic(): number;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
