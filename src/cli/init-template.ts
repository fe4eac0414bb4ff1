/** What `init` asks. */
export interface Answers {
  readonly name: string;
  readonly path: string;
  readonly region: string;
  readonly prefix: string;
  readonly endpoint?: string;
}

export const DEFAULT_ANSWERS: Answers = { name: "datasphere", path: "./exports", region: "eu-central-1", prefix: "dsp_" };

/** A first `tidemark.yaml`. `schema` is where an editor finds the JSON Schema. Texts are quoted, so that nothing in an answer can be taken for YAML. */
export function configText({ name, path, region, prefix, endpoint }: Answers, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Configuration of Tidemark. \`tidemark config validate\` checks it, \`tidemark config show\` shows
# it with every default, \`tidemark config schema\` prints its JSON Schema for editors.
# \${NAME} and \${NAME:-default} stand for variables of the environment; in { } or [ ] put them in quotes.

pipelines:
  # The name keys the checkpoints: under another name, everything begins anew.
  - name: ${quoted(name)}
    source:
      # Exported CSN files. Each sub-folder is a space; files in the folder itself belong to \`space\`.
      type: csn
      path: ${quoted(path)}
      # space: SALES
    target:
      # AWS Glue Data Catalog; credentials come from where the AWS tools look for them.
      type: glue
      region: ${quoted(region)}
      ${endpoint === undefined ? '# endpoint: "http://127.0.0.1:4566"   # a local one: tidemark sandbox glue --port 4566' : `endpoint: ${quoted(endpoint)}`}
      # catalog_id: "123456789012"
      # Space SALES becomes the database <prefix>sales.
      database_prefix: ${quoted(prefix)}

# Where the checkpoints are kept, relative to this file.
checkpoint_management:
  storage_type: sqlite
  path: ./checkpoints

# Who owns what: by space, or by asset, which wins.
# owners:
#   SALES: Sales Analytics
#   SALES.Orders: Order Management

# Tags by space, asset or pattern.
# tags:
#   SALES: [finance]
#   SALES.*_V: [view]

# A run that would delete more than max(max_count, max_share of the owned assets) is refused.
# deletion:
#   max_count: 5
#   max_share: 0.1
`;
}

function quoted(text: string): string {
  return JSON.stringify(text.replaceAll("${", () => "$${"));
}
