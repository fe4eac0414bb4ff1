import { z } from "zod";
import { compactJson } from "./compact-json.ts";
import { generatedNote } from "./generated-note.ts";
import { JSON_CONTRACTS, LINE_CONTRACTS, PRINT_AS_SYNC } from "./json-contracts.ts";

/** What each command prints with `--json`, as JSON Schema. */
export function jsonPage(): string {
  const sections = Object.entries(JSON_CONTRACTS).map(
    ([command, schema]) => `## ${command}\n\n\`\`\`json\n${compactJson(z.toJSONSchema(schema))}\n\`\`\`\n`,
  );
  const lines = Object.entries(LINE_CONTRACTS).map(
    ([command, kinds]) => `### ${command}, line by line\n\n\`\`\`json\n${compactJson(z.toJSONSchema(z.union([...kinds])))}\n\`\`\`\n`,
  );
  return `${generatedNote("scripts/reference/json-contracts.ts")}

# What \`--json\` prints

\`-o json\` is the same. One JSON value on standard output, everything else on standard error. A new key keeps \`format_version\`; a changed or missing one raises it, so
do not refuse keys that you do not know. These are the shapes of this version as JSON Schema; a test holds them to what the commands print.
${PRINT_AS_SYNC.map((command) => `\`${command}\``).join(", ")} print what \`sync\` prints, and with \`--dry-run\`, where they take it, what \`plan\` prints. \`fingerprint\`,
\`history --format ndjson\` and \`checkpoint export\` without a file print JSON Lines without an envelope.

${sections.join("\n")}
## JSON Lines

\`-o ndjson\` prints one JSON value a line, as it comes, where a result has parts: \`plan\`, \`sync\`, \`apply\`, \`history\`, \`runs list\` and
\`checkpoint list\`; every other command refuses it. Each line tells by \`type\` what it is, its other keys are those of \`--json\`. The first line
has \`format_version\`. The last is \`summary\` or \`report\`, or \`error\` where the command failed: output without one of these was cut. \`apply\`
prints what \`sync\` prints: its phases, its progress at most once a second, its problems, and its report. Do not refuse a type that you do
not know.

${lines.join("\n")}`;
}
