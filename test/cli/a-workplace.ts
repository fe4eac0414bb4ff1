import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CliResult, runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

export interface Workplace {
  readonly cwd: string;
  readonly sandbox: Awaited<ReturnType<typeof aGlueSandbox>>["sandbox"];
  /** Exports one file with a table for each name; the value is the elements of the table, by default one column. */
  exported(named: { readonly [name: string]: object | null }): Promise<void>;
  run(...args: string[]): Promise<CliResult>;
}

const plain = { ID: { type: "cds.Integer", key: true } };

/** A folder with a configuration and exports, and a sandbox Glue to sync them to. */
export async function aWorkplace(options: Parameters<typeof aGlueSandbox>[0] = {}, further: string = ""): Promise<Workplace> {
  const [{ sandbox }, cwd] = [await aGlueSandbox(options), await temporaryFolder()];
  await mkdir(join(cwd, "exports", "SALES"), { recursive: true });
  await writeFile(
    join(cwd, "tidemark.yaml"),
    `pipelines:
  - name: sales
    source: { type: csn, path: ./exports }
    target: { type: glue, region: eu-central-1, endpoint: "\${GLUE}", database_prefix: dsp_ }
${further}`,
  );
  return {
    cwd,
    sandbox,
    exported: async (named) => {
      const definitions = Object.fromEntries(
        Object.entries(named).map(([name, elements]) => [name, { kind: "entity", elements: elements ?? plain }]),
      );
      await writeFile(join(cwd, "exports", "SALES", "all.json"), JSON.stringify({ definitions }));
    },
    run: (...args) => runCli(args, { cwd, env: { GLUE: sandbox.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" } }),
  };
}

/** Names `T01`, `T02`, … of tables with one column each. */
export function tables(from: number, to: number): { readonly [name: string]: null } {
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [`T${String(from + index).padStart(2, "0")}`, null]));
}
