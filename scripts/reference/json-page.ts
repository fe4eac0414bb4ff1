import { z } from "zod";
import { generatedNote } from "./generated-note.ts";
import { JSON_CONTRACTS } from "./json-contracts.ts";

/** What each command prints with `--json`, as JSON Schema. */
export function jsonPage(): string {
  const sections = Object.entries(JSON_CONTRACTS).map(
    ([command, schema]) => `## ${command}\n\n\`\`\`json\n${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n\`\`\`\n`,
  );
  return `${generatedNote("scripts/reference/json-contracts.ts")}

# What \`--json\` prints

One JSON value on standard output, everything else on standard error. A new key keeps \`format_version\`; a changed or missing one raises it, so
do not refuse keys that you do not know. These are the shapes of this version as JSON Schema; a test holds them to what the commands print.
\`apply\`, \`retire\` and \`adopt\` print what \`sync\` prints. \`fingerprint\` and \`history --format ndjson\` print JSON Lines without an envelope.

${sections.join("\n")}`;
}
