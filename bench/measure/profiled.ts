import { writeFileSync } from "node:fs";
import { type HeapProfiler, type Profiler, Session } from "node:inspector/promises";
import { basename } from "node:path";

const EVERY_US = 500;
const EVERY_BYTES = 32_768;
const SHOWN = 25;

/** Does the work under a profiler of time and one of allocation, and writes down which functions of this thread took most of each. */
export async function profiled<T>(file: string, work: () => Promise<T>): Promise<T> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: EVERY_US });
  await session.post("HeapProfiler.enable");
  // What was collected meanwhile counts: it is what the collector had to do.
  const heap = { samplingInterval: EVERY_BYTES, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post("HeapProfiler.startSampling", heap as HeapProfiler.StartSamplingParameterType);
  await session.post("Profiler.start");
  const result = await work();
  const { profile } = await session.post("Profiler.stop");
  const allocated = await session.post("HeapProfiler.stopSampling");
  session.disconnect();
  writeFileSync(file, `${timeTable(profile)}\n${allocationTable(allocated.profile)}`);
  return result;
}

function timeTable({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): string {
  const nameOf = new Map(nodes.map((node) => [node.id, named(node.callFrame)]));
  const spent = new Map<string, number>();
  for (const [at, id] of samples.entries()) add(spent, nameOf.get(id) ?? "?", timeDeltas[at] ?? 0);
  return tableOf("time of its own, main thread", spent, (us) => `${(us / 1000).toFixed(0)} ms`);
}

function allocationTable({ head }: HeapProfiler.SamplingHeapProfile): string {
  const allocated = new Map<string, number>();
  const visit = (node: HeapProfiler.SamplingHeapProfileNode): void => {
    add(allocated, named(node.callFrame), node.selfSize);
    for (const child of node.children) visit(child);
  };
  visit(head);
  return tableOf("allocated, main thread", allocated, (bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`);
}

function tableOf(title: string, sums: ReadonlyMap<string, number>, text: (sum: number) => string): string {
  const all = [...sums.values()].reduce((sum, one) => sum + one, 0);
  const lines = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, sum]) => `${((sum / all) * 100).toFixed(1).padStart(5)} %  ${text(sum).padStart(10)}  ${name}\n`);
  return `${title}: ${text(all)} in all\n${lines.join("")}`;
}

function named({
  functionName,
  url,
  lineNumber,
}: {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}): string {
  const file = url === "" ? "" : ` ${url.split("/").slice(-2, -1).join("")}/${basename(url)}:${lineNumber + 1}`;
  return `${functionName || "(anonymous)"}${file}`;
}

function add(sums: Map<string, number>, name: string, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more);
}
