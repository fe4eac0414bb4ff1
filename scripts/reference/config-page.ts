import type { Json, JsonObject } from "../../src/model/json.ts";
import { generatedNote } from "./generated-note.ts";

/** The configuration's keys as tables, made of its JSON Schema. */
export function configPage(schema: JsonObject): string {
  const { pipelines, $schema: _editors, ...sections } = object(schema["properties"]);
  const pipeline = object(object(object(pipelines)["items"])["properties"]);
  const ends = (["source", "target"] as const).flatMap((end) =>
    list(object(pipeline[end])["oneOf"]).map((connector) => connectorSection(end, object(connector))),
  );
  return `${generatedNote("src/config/schema.ts")}

# Configuration

\`tidemark.yaml\` or \`tidemark.json\` in the working directory, or the file that \`--config\` names. Paths resolve against the file's
folder. \`\${NAME}\` and \`\${NAME:-default}\` in a value stand for variables of the environment (\`$\${\` for the two characters
themselves); within \`{ }\` and \`[ ]\` a reference stands in quotes. A key without a value counts as not written.

\`\`\`yaml
pipelines:
  - name: sales
    source: { type: csn, path: ./exports }
    target: { type: glue, region: eu-central-1, database_prefix: dsp_ }
checkpoint_management: { storage_type: sqlite, path: ./checkpoints }
\`\`\`

## pipelines
A list; each entry has these keys, and may repeat every section below, whose keys then win over the file's.

${table(object(object(pipelines)["items"]), new Set(Object.keys(sections)))}
${ends.join("\n")}
${Object.entries(sections)
  .map(([name, section]) => sectionText(name, object(section)))
  .join("\n")}`;
}

function connectorSection(end: string, connector: JsonObject): string {
  const type = object(object(connector["properties"])["type"]);
  return `### ${end}: \`${text(type["const"])}\`
${text(type["description"])}

${table(connector)}`;
}

function sectionText(name: string, section: JsonObject): string {
  const body = section["properties"] === undefined ? `${typeOf(section)}${defaultOf(section)}\n` : table(section);
  return `## ${name}
${text(section["description"])}

${body}`;
}

/** The keys of a mapping, without those that the page tells elsewhere. */
function table(section: JsonObject, elsewhere: ReadonlySet<string> = new Set()): string {
  const required = new Set(list(section["required"]));
  const rows = Object.entries(object(section["properties"]))
    .filter(([key]) => !elsewhere.has(key))
    .map(([key, value]) => row(key, object(value), required.has(key)));
  return `| key | value | default | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}

function row(key: string, value: JsonObject, required: boolean): string {
  const byDefault = value["default"] === undefined ? (required ? "required" : "") : `\`${JSON.stringify(value["default"])}\``;
  return `| \`${key}\` | ${typeOf(value)} | ${byDefault} | ${text(value["description"])} |`;
}

function typeOf(value: JsonObject): string {
  if (value["const"] !== undefined) return `\`${text(value["const"])}\``;
  if (value["enum"] !== undefined)
    return list(value["enum"])
      .map((word) => `\`${text(word)}\``)
      .join(", ");
  if (value["oneOf"] !== undefined) return "see below";
  switch (value["type"]) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return `${value["type"] === "integer" ? "whole number" : "number"}${rangeOf(value)}`;
    case "boolean":
      return "`true`, `false`";
    case "array":
      return `list of ${typeOf(object(value["items"])).replace(/^\w+/, "$&s")}`;
    default:
      if (value["properties"] !== undefined)
        return `mapping with ${Object.keys(object(value["properties"]))
          .map((key) => `\`${key}\``)
          .join(", ")}`;
      return `mapping to ${typeOf(object(value["additionalProperties"]))}`;
  }
}

function rangeOf({ minimum, maximum }: JsonObject): string {
  // Draft 7 writes the bounds of safe integers too, which say nothing to a reader.
  const upper = typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (upper !== null) return `, ${text(minimum)} to ${upper}`;
  return minimum === undefined ? "" : `, at least ${text(minimum)}`;
}

function defaultOf(section: JsonObject): string {
  return section["default"] === undefined ? "" : `; default \`${text(section["default"])}\``;
}

function object(value: Json | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

function list(value: Json | undefined): readonly Json[] {
  return (value ?? []) as readonly Json[];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
