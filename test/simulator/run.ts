import { JSON_MUTANTS } from "./json-mutants.ts";
import { live, type StoreName } from "./life.ts";
import { MUTANTS } from "./mutants.ts";
import { parseArgs } from "node:util";

/** `node test/simulator/run.ts --seed N --trace`: one life, step by step. `--lives N [--from S] [--mutant NAME] [--crashy] [--store json]`: many, and what they found. */
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    lives: { type: "string" },
    from: { type: "string" },
    mutant: { type: "string" },
    trace: { type: "boolean" },
    crashy: { type: "boolean" },
    store: { type: "string", default: "memory" },
  },
});
const mutant = [...MUTANTS, ...JSON_MUTANTS].find(({ name }) => name === values.mutant);
const found = { store: values.store as StoreName, crashy: values.crashy === true, ...(mutant === undefined ? {} : { mutant }) };
if (values.seed !== undefined) {
  const life = await live(Number(values.seed), { ...found, trace: values.trace === true });
  for (const line of life.trace ?? []) say(process.stdout, line);
  say(process.stdout, life.broken ?? "every promise held");
} else {
  const from = Number(values.from ?? 0);
  let crashes = 0;
  let steps = 0;
  let failing = 0;
  const started = performance.now();
  for (let seed = from; seed < from + Number(values.lives ?? 1_000); seed++) {
    const life = await live(seed, found);
    crashes += life.crashes;
    steps += life.steps;
    if (life.broken === null) continue;
    if (failing++ < 10) say(process.stdout, `seed ${seed}: ${life.broken.split("\n").slice(0, 3).join(" | ")}`);
  }
  say(
    process.stdout,
    JSON.stringify({
      from,
      lives: Number(values.lives ?? 1_000),
      failing,
      crashes,
      steps,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    }),
  );
}

function say(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
