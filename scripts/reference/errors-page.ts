import { EXIT_CODES } from "../../src/engine/exit-code.ts";
import { FAILURES, PROBLEMS, type Severity } from "../../src/model/errors.ts";
import { generatedNote } from "./generated-note.ts";

const EXIT_OF: { readonly [severity in Severity]: string } = {
  warning: "none",
  asset: "3 (2 in a plan)",
  listing: "8",
  target: "9",
  guard: "4",
  interrupted: "130",
};

/** Exit codes, problems of a run and failures of a command, as tables. */
export function errorsPage(): string {
  const exits = EXIT_CODES.map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  const problems = Object.entries(PROBLEMS).map(
    ([code, { severity, cause, remedy }]) => `| \`${code}\` | ${EXIT_OF[severity]} | ${cause} | ${remedy} |`,
  );
  const failures = Object.entries(FAILURES).map(([code, { exit, cause, remedy }]) => `| \`${code}\` | ${exit} | ${cause} | ${remedy} |`);
  return `${generatedNote("src/model/errors.ts and src/engine/exit-code.ts")}

# Errors and exit codes

## Exit codes
Where several apply, the one that stands first in this table.

| exit code | meaning |
|---|---|
${exits.join("\n")}

## Problems
Something about one asset, one scope or one file. The run goes on, and reports them under \`problems\`.

| code | exit code | cause | way out |
|---|---|---|---|
${problems.join("\n")}

## Failures
What ends a run or a command. With \`--json\` it is printed as \`{"format_version": 1, "error": {"code", "message", "remedy"}}\`.

| code | exit code | cause | way out |
|---|---|---|---|
${failures.join("\n")}
`;
}
