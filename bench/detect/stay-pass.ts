import { createInterface } from "node:readline";
import { assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { keepHeapSmall } from "../../src/cli/small-heap.ts";
import { searched, timed } from "./search.ts";

// Searches for changes of a configured pipeline, in one process that stays: one for each line that comes in, or so many as a second argument says. Prints
// what each took and what came of it, as JSON lines.
keepHeapSmall();
const [file, times] = process.argv.slice(2) as [string, string?];
const config = await loadConfig({ file, cwd: process.cwd(), env: {} });
const { signal } = new AbortController();
{
  await using parts = await assemble(config, undefined, { log: { event: () => undefined }, stays: true });
  const turns: Iterable<unknown> | AsyncIterable<unknown> =
    times === undefined ? createInterface(process.stdin) : Array.from({ length: Number(times) });
  for await (const _ of turns) process.stdout.write(`${JSON.stringify(await timed(() => searched(parts, signal)))}\n`);
}
