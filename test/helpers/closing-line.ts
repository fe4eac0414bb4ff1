import { existsSync, readFileSync, rmSync, writeSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Ends a test run with what was skipped for want of something on this machine, and as very last line with
 * `N passed, N failed, N skipped`. A file that cannot be loaded and an error outside of every test count as failed.
 */
export class ClosingLine implements Reporter {
  readonly #noticesPath: string;

  constructor(noticesPath: string) {
    this.#noticesPath = noticesPath;
  }

  onInit(): void {
    rmSync(this.#noticesPath, { force: true });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    // A run cut short leaves tests pending: they have not passed, and nothing was skipped on purpose.
    const failed = count("failed") + count("pending") + brokenFiles + unhandledErrors.length;
    const line = `${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped\n`;
    // Other reporters still write after this call; at the exit nobody does.
    process.once("exit", () => writeSync(1, `${this.#notices()}${line}`));
  }

  #notices(): string {
    if (!existsSync(this.#noticesPath)) return "";
    const lines = new Set(readFileSync(this.#noticesPath, "utf8").trimEnd().split("\n"));
    rmSync(this.#noticesPath);
    return [...lines].map((line) => `NOTICE  ${line}\n`).join("");
  }
}
