import { appendFileSync } from "node:fs";

/** Has a sentence printed at the end of the test run, once however often it is said: what was skipped, and why. */
export function notice(sentence: string): void {
  const path = process.env["TIDEMARK_NOTICES"];
  if (path === undefined) process.stderr.write(`NOTICE  ${sentence}\n`);
  else appendFileSync(path, `${sentence}\n`);
}
