import { setFlagsFromString } from "node:v8";

/** What V8 has for a flag, and what it is to be: `true` and `false` for one that is or is not there. */
export interface FlagValues {
  readonly usual: string | boolean;
  readonly wanted: string | boolean;
  /** {@link usualFlags} leaves it as it is while a thread of ours is at work, even where another starts. */
  readonly isSteady?: boolean;
}

// V8 takes the code that Node brings compiled, which is nearly all that a thread loads before its own module, only under the very flags that it was
// compiled with: a thread that starts under others compiles it anew, for 25 of the 45 milliseconds that it then takes to start.
const kept = new Map<string, FlagValues>();
const threads = { starting: 0, living: 0 };

/** Sets a flag of V8 for all threads from now on; while one starts, as soon as it has. */
export function setFlag(name: string, values: FlagValues): void {
  kept.set(name, values);
  if (threads.starting === 0) put(name, values.wanted);
}

/** To be told of a thread that starts, when it has started and when it has ended: each may be told again, and an end before the start. */
export interface StartingThread {
  readonly started: () => void;
  readonly ended: () => void;
}

/** Puts all flags that were set back to what is usual, until all threads that start have started. */
export function usualFlags(): StartingThread {
  if (threads.starting++ === 0)
    for (const [name, { usual, isSteady = false }] of kept) if (!isSteady || threads.living === 0) put(name, usual);
  threads.living++;
  const started = once(() => {
    if (--threads.starting === 0) for (const [name, { wanted }] of kept) put(name, wanted);
  });
  const ended = once(() => {
    started();
    threads.living--;
  });
  return { started, ended };
}

/** Does it at the first call only. */
export function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

function put(name: string, value: string | boolean): void {
  setFlagsFromString(typeof value === "string" ? `--${name}=${value}` : `--${value ? "" : "no-"}${name}`);
}
