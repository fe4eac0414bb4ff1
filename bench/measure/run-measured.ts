import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process printed, a JSON value a line, and the most memory of its own that it held. */
export interface Measured<T> {
  readonly lines: readonly T[];
  /** Private_Clean and Private_Dirty of smaps_rollup, looked at every 10 ms for a second and every 50 from then on; all threads are in it. Null where there is no such file. */
  readonly peak_private_mb: number | null;
}

/** Milliseconds: a run that is over in two tenths of a second shows its peak to few looks. */
const EVERY = { first: 10, later: 50, from: 1_000 };

/** Runs a program to its end and watches its memory. Throws where it fails. */
export async function runMeasured<T>(
  command: string,
  args: readonly string[],
  options: { readonly stdout?: "lines" | "ignore" | number; readonly stdin?: number; readonly sample?: boolean } = {},
): Promise<Measured<T>> {
  const child = spawn(command, args, {
    stdio: [options.stdin ?? "ignore", options.stdout === undefined || options.stdout === "lines" ? "pipe" : options.stdout, "inherit"],
  });
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  let peak: number | null = null;
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = privateMb(child.pid as number);
    if (now !== null) peak = Math.max(peak ?? 0, now);
    timer = setTimeout(look, performance.now() - started < EVERY.from ? EVERY.first : EVERY.later);
  };
  if (options.sample !== false) look();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on("error", reject);
  child.on("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}`));
  });
  await promise.finally(() => clearTimeout(timer));
  const lines = printed.split("\n").filter((line) => line !== "");
  return { lines: lines.map((line) => JSON.parse(line) as T), peak_private_mb: peak === null ? null : Math.round(peak * 10) / 10 };
}

function privateMb(pid: number): number | null {
  try {
    const kb = [...readFileSync(`/proc/${pid}/smaps_rollup`, "latin1").matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB/gm)];
    return kb.reduce((sum, [, value]) => sum + Number(value), 0) / 1024;
  } catch {
    return null;
  }
}
