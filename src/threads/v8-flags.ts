import { setFlagsFromString } from "node:v8";

// V8 takes the code that Node brings compiled, which is nearly all that a thread loads before its own module, only under the very flags that it was
// compiled with: a thread that starts under others compiles it anew, for 25 of the 45 milliseconds that it then takes to start.
const kept = new Map<string, { readonly usual: string; readonly wanted: string }>();
let starting = 0;

/** Sets a flag of V8 for all threads from now on; while one starts, as soon as it has. `usual` is what V8 has for it. */
export function setFlag(name: string, { usual, wanted }: { readonly usual: string; readonly wanted: string }): void {
  kept.set(name, { usual, wanted });
  if (starting === 0) put(name, wanted);
}

/** Puts all flags that were set back to what is usual, until the function that it answers with is called. */
export function usualFlags(): () => void {
  if (starting++ === 0) for (const [name, { usual }] of kept) put(name, usual);
  return once(() => {
    if (--starting === 0) for (const [name, { wanted }] of kept) put(name, wanted);
  });
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

function put(name: string, value: string): void {
  setFlagsFromString(`--${name}=${value}`);
}
