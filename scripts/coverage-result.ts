/** Writes which branches the unit tests take, by layer, to bench/results/coverage.json. Run after vitest with the coverage of vitest.mutation.config.ts. */
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { layerOf, ROOT, writeResult } from "./results.ts";

interface Summary {
  readonly branches: { readonly covered: number; readonly total: number };
}

const { total, ...files } = JSON.parse(readFileSync(join(ROOT, "coverage/coverage-summary.json"), "utf8")) as { total: Summary } & {
  readonly [file: string]: Summary;
};
const measured = Object.entries(files).map(([file, { branches }]) => ({ file: relative(ROOT, file), ...branches }));
const byLayer = Map.groupBy(measured, ({ file }) => layerOf(file));

writeResult("coverage", "npm run coverage", {
  branches_taken: total.branches.covered,
  branches: total.branches.total,
  by_layer: Object.fromEntries(
    [...byLayer].map(([layer, of]) => [
      layer,
      { branches_taken: sum(of.map(({ covered }) => covered)), branches: sum(of.map((one) => one.total)) },
    ]),
  ),
  exemptions: exemptions([...byLayer.keys()]),
  findings: measured.filter(({ covered, total: all }) => covered < all).map(({ file }) => file),
});

/** Places where a comment takes code out of the measurement. */
function exemptions(layers: readonly string[]): readonly string[] {
  return layers.flatMap((layer) =>
    globSync(`src/${layer}/**/*.ts`, { cwd: ROOT }).flatMap((file) =>
      readFileSync(join(ROOT, file), "utf8")
        .split("\n")
        .flatMap((line, at) => (/(v8|c8|istanbul|node:coverage) (ignore|disable)/.test(line) ? [`${file}:${at + 1}`] : [])),
    ),
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
