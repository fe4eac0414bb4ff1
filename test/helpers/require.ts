import { notice } from "./notice.ts";

/** What a test may need of the machine besides Node. */
export type Requirement = "python" | "postgres" | "chromium";

/** True where the environment's `REQUIRE` (a list with commas) names it: then its absence is a failure, elsewhere a skipped test. */
export function required(name: Requirement): boolean {
  return (process.env["REQUIRE"] ?? "").split(",").some((entry) => entry.trim() === name);
}

/** Called where something is missing: throws if it is required, else has the skip announced and answers null. */
export function missing(name: Requirement, sentence: string): null {
  if (required(name)) throw new Error(`REQUIRE names ${name}, and it is not to be had: ${sentence}`);
  notice(`Tests that need ${name} were skipped: ${sentence}`);
  return null;
}
