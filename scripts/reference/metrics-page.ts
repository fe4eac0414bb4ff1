import { METRICS } from "../../src/cli/metrics.ts";
import { generatedNote } from "./generated-note.ts";

/** docs/reference/metrics.md: every metric of `--metrics-file`. */
export function metricsPage(): string {
  return `${generatedNote("src/cli/metrics.ts")}

# Metrics

\`tidemark sync --metrics-file FILE\` and \`tidemark status --metrics-file FILE\` write these figures to a file in the Prometheus text
format, for a textfile collector. The file is replaced as a whole. Each is a gauge with the label \`pipeline\`; one that is not known is
left out. \`tidemark status --json\` tells the same under \`state\`, \`last_run\` and \`health\`.

| metric | what it is |
|---|---|
${METRICS.map(({ name, help }) => `| \`${name}\` | ${help} |`).join("\n")}
`;
}
