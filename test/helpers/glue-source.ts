import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Glue, TableInput } from "@aws-sdk/client-glue";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { createGlueSource, type GlueSourceOptions } from "../../src/connectors/glue/index.ts";
import { spaceOf, technicalNameOf } from "../../src/model/asset.ts";
import type { Source } from "../../src/ports/source.ts";
import { anAsset } from "../../src/testing/builders.ts";
import type { SourceHarness } from "../../src/testing/source-conformance.ts";
import { createRateLimiter } from "../../src/wrappers/rate-limiter.ts";
import { glueClient } from "./sandbox-glue.ts";

/** A Glue source at an endpoint on this machine, as a process of its own would have it. */
export function glueSourceAt(endpoint: string, options: Partial<GlueSourceOptions> = {}): Source {
  return createGlueSource({
    endpoint,
    region: "eu-central-1",
    agents: { http: new http.Agent({ keepAlive: true }), https: new https.Agent() },
    limiter: createRateLimiter({ clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
    ...options,
  });
}

/** The Glue catalog of an endpoint, whose people make tables by hand; `end` frees what the test started. */
export async function glueSourceHarness(endpoint: string, end: () => Promise<void>): Promise<SourceHarness> {
  const glue = glueClient(endpoint);
  const hidden = new Set<string>();
  const gate = await startGate(endpoint, hidden);
  const sources: Source[] = [];
  return {
    open() {
      const source = glueSourceAt(gate.url);
      sources.push(source);
      return source;
    },
    spelled: (space) => space.toLowerCase(),
    async put(space, name, description) {
      const [DatabaseName, Name] = [space.toLowerCase(), name.toLowerCase()];
      await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } }).catch(() => undefined);
      await putTable(glue, DatabaseName, { Name, Description: description, StorageDescriptor: { Columns: [] } });
      return anAsset({ space: DatabaseName, name: Name, description, columns: [] });
    },
    async remove(id) {
      await glue.deleteTable({ DatabaseName: spaceOf(id), Name: technicalNameOf(id) });
    },
    async addSpace(space) {
      await glue.createDatabase({ DatabaseInput: { Name: space.toLowerCase() } });
    },
    async dropSpace(space) {
      await glue.deleteDatabase({ Name: space.toLowerCase() });
    },
    hideSpace: async (space) => void hidden.add(space.toLowerCase()),
    async [Symbol.asyncDispose]() {
      for (const source of sources) await source.close();
      glue.destroy();
      gate.close();
      await end();
    },
  };
}

/** Makes a table, or replaces what it is. */
export async function putTable(glue: Glue, DatabaseName: string, table: TableInput): Promise<void> {
  const created = await glue.createTable({ DatabaseName, TableInput: table }).catch((error: Error) => error);
  if (!(created instanceof Error)) return;
  if (created.name !== "AlreadyExistsException") throw created;
  await glue.updateTable({ DatabaseName, TableInput: table });
}

/** Passes calls on to an endpoint, except those that concern a hidden database: these it denies, as Lake Formation does. */
async function startGate(endpoint: string, hidden: ReadonlySet<string>): Promise<{ readonly url: string; close(): void }> {
  const gate = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const { DatabaseName = "" } = JSON.parse(body.toString()) as { readonly DatabaseName?: string };
      if (hidden.has(DatabaseName)) {
        response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify({ __type: "AccessDeniedException", Message: "Insufficient Lake Formation permission(s)" }));
        return;
      }
      const passed = http.request(endpoint, { method: "POST", headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      passed.end(body);
    });
  });
  await new Promise<void>((listening) => gate.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    close() {
      gate.close();
      gate.closeAllConnections();
    },
  };
}
