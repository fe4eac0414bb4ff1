import type { Assembled } from "../../src/config/assemble.ts";
import { findChanges } from "../../src/engine/find-changes.ts";

/** A search for changes, walked to its end, and what came of it. */
export async function searched(parts: Assembled, signal: AbortSignal): Promise<object> {
  await using changes = await findChanges(parts, { signal });
  let found = 0;
  for await (const page of changes.found()) found += page.length;
  return { status: "found", found, summary: changes.summary, problems: changes.problems.length };
}

/** What `work` took, with what came of it. */
export async function timed(work: () => Promise<object>): Promise<object> {
  const started = performance.now();
  const before = process.cpuUsage();
  const outcome = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - started, cpu_ms: (user + system) / 1000, ...outcome };
}
