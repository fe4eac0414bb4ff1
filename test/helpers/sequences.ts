import { recordResult } from "../processes/campaign-result.ts";

/** How many random sequences of calls a store is tried with, and what becomes of the result. */
export interface Sequences {
  readonly runs: number;
  readonly length?: number;
  readonly whenEqual?: () => void;
}

/** 200 sequences in `npm test`, of so many calls at most where calls are dear; `SEQUENCES=2000` tries that many of full length and keeps the result. */
export function sequencesOn(store: "sqlite" | "json" | "postgres", length?: number): Sequences {
  const wanted = process.env["SEQUENCES"];
  if (wanted === undefined) return { runs: 200, ...(length === undefined ? {} : { length }) };
  const started = performance.now();
  return {
    runs: Number(wanted),
    whenEqual: () =>
      recordResult(`campaign-sequences-${store}`, {
        command: `SEQUENCES=${wanted} npx vitest run src/stores/${store}/${store}-store.test.ts`,
        sequences: Number(wanted),
        findings: [],
        seconds: Math.round((performance.now() - started) / 1_000),
      }),
  };
}
