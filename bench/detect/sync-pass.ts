import { type Assembled, assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { preview } from "../../src/engine/preview.ts";
import { sync } from "../../src/engine/sync.ts";
import { keepHeapSmall } from "../../src/cli/small-heap.ts";
import { profiled } from "../measure/profiled.ts";
import { searched, timed } from "./search.ts";

// One sync, plan or search for changes of a configured pipeline, as a process of its own. Prints what it took and what came of it, as JSON. A third argument names
// a file for a profile of it; then its times are those of a profiled run.
keepHeapSmall();
const [what, file, profile] = process.argv.slice(2) as ["sync" | "plan" | "changes", string, string?];
const config = await loadConfig({ file, cwd: process.cwd(), env: {} });
const { signal } = new AbortController();
{
  await using parts = await assemble(config, undefined, { log: { event: () => undefined } });
  // What loads modules is the same for any catalog, and not counted: as with Python's own start.
  const outcome = await timed(() => (profile === undefined ? run(parts) : profiled(profile, () => run(parts))));
  process.stdout.write(`${JSON.stringify({ ...outcome, generation: await generationOf(parts) })}\n`);
}

async function generationOf({ store }: Assembled): Promise<number | null> {
  await using reader = await store.reader();
  return (await reader.head())?.generation ?? null;
}

async function run(parts: Assembled): Promise<object> {
  if (what === "sync") {
    const { status, summary, problems } = await sync(parts, { signal });
    return { status, summary, problems: problems.length };
  }
  if (what === "changes") return await searched(parts, signal);
  await using plan = await preview(parts, { signal });
  return { status: "planned", summary: plan.summary, problems: plan.problems.length };
}
