import http from "node:http";
import https from "node:https";
import type { Column, Glue, Table, TableInput } from "@aws-sdk/client-glue";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { createGlueTarget, type GlueTargetOptions } from "../../src/connectors/glue/index.ts";
import type { Target } from "../../src/ports/target.ts";
import type { TargetHarness } from "../../src/testing/target-conformance.ts";
import { createRateLimiter } from "../../src/wrappers/rate-limiter.ts";
import { glueClient } from "./sandbox-glue.ts";

/** A Glue target at an endpoint on this machine, as a process of its own would have it. */
export function glueTargetAt(endpoint: string, options: Partial<GlueTargetOptions> = {}): Target {
  return createGlueTarget({
    endpoint,
    region: "eu-central-1",
    agents: { http: new http.Agent({ keepAlive: true }), https: new https.Agent() },
    limiter: createRateLimiter({ clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
    ...options,
  });
}

/** The Glue catalog of an endpoint, as {@link TargetHarness} has it: `end` frees what the test started. */
export function glueHarness(endpoint: string, end: () => Promise<void>, options: Partial<GlueTargetOptions> = {}): TargetHarness {
  const glue = glueClient(endpoint);
  const targets: Target[] = [];
  let writes = 0;
  return {
    open() {
      const agent = countingWrites(() => writes++);
      const target = glueTargetAt(endpoint, { agents: { http: agent, https: new https.Agent() }, ...options });
      targets.push(target);
      return target;
    },
    people: peopleOf(glue),
    writes: () => writes,
    async [Symbol.asyncDispose]() {
      for (const target of targets) await target.close();
      glue.destroy();
      await end();
    },
  };
}

/** What people do to tables, with a client of their own. */
export function peopleOf(glue: Glue): TargetHarness["people"] {
  const read = async (ref: string): Promise<Table> => {
    const { Table } = await glue.getTable(at(ref));
    if (Table === undefined) throw new Error(`${ref} is not there`);
    return Table;
  };
  const edit = async (ref: string, change: (table: TableInput) => Partial<TableInput>): Promise<void> => {
    const input = inputOf(await read(ref));
    await glue.updateTable({ DatabaseName: at(ref).DatabaseName, TableInput: { ...input, ...change(input) } });
  };
  const editColumn = (ref: string, change: (column: Column, index: number) => Column): Promise<void> =>
    edit(ref, ({ StorageDescriptor }) => ({
      StorageDescriptor: { ...StorageDescriptor, Columns: (StorageDescriptor?.Columns ?? []).map(change) },
    }));
  return {
    async see(ref) {
      const table = await read(ref).catch(() => null);
      if (table === null) return null;
      const columns = table.StorageDescriptor?.Columns ?? [];
      return {
        description: table.Description ?? null,
        comments: Object.fromEntries(
          columns.flatMap((column) => (column.Comment === undefined ? [] : [[column.Name ?? "", column.Comment]])),
        ),
        parameters: Object.fromEntries(Object.entries(table.Parameters ?? {}).filter(([name]) => !name.startsWith("tidemark."))),
      };
    },
    async make(ref, { description }) {
      const { DatabaseName, Name } = at(ref);
      await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } }).catch(() => undefined);
      await glue.createTable({
        DatabaseName,
        TableInput: { Name, ...(description !== null && { Description: description }), StorageDescriptor: { Columns: [] } },
      });
    },
    describe: (ref, Description) => edit(ref, () => ({ Description })),
    comment: (ref, name, Comment) => editColumn(ref, (column) => (column.Name === name ? { ...column, Comment } : column)),
    setParameter: (ref, name, value) => edit(ref, ({ Parameters }) => ({ Parameters: { ...Parameters, [name]: value } })),
    damage: (ref) => editColumn(ref, (column, index) => (index === 0 ? { ...column, Type: "map<string,string>" } : column)),
    async drop(ref) {
      await glue.deleteTable(at(ref));
    },
  };
}

function at(ref: string): { readonly DatabaseName: string; readonly Name: string } {
  const [DatabaseName = "", Name = ""] = ref.split(".");
  return { DatabaseName, Name };
}

function inputOf(table: Table): TableInput {
  const { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters } = table;
  return { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters };
}

function countingWrites(count: () => void): http.Agent {
  const agent = new http.Agent({ keepAlive: true }) as http.Agent & {
    addRequest(request: http.ClientRequest, ...rest: readonly unknown[]): void;
  };
  const addRequest = agent.addRequest.bind(agent);
  agent.addRequest = (request, ...rest) => {
    if (/\.(Create|Update|Delete)Table$/.test(String(request.getHeader("x-amz-target")))) count();
    addRequest(request, ...rest);
  };
  return agent;
}
