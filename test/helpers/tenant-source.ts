import { onTestFinished } from "vitest";
import { createDatasphereSource, type DatasphereSourceOptions } from "../../src/connectors/datasphere/source.ts";
import { ALL_OBJECT_TYPES } from "../../src/connectors/datasphere/scope.ts";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import type { Problem } from "../../src/model/errors.ts";
import type { Json } from "../../src/model/json.ts";
import type { Listed, ListingCertificate, ReadResult, Wanted } from "../../src/model/listing.ts";
import type { RunEvent } from "../../src/ports/log.ts";
import type { Source, SourceMemory } from "../../src/ports/source.ts";
import type { DatasphereSandbox } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { meteredAgents } from "../../src/wrappers/metered-agent.ts";
import { createMinuteBudget } from "../../src/wrappers/minute-budget.ts";

/** What a listing came to. */
export interface Listing {
  readonly items: readonly Listed[];
  readonly certificates: readonly ListingCertificate[];
  readonly problems: readonly Problem[];
}

export const WHOLE_TENANT: DatasphereSourceOptions["scope"] = {
  object_types: ALL_OBJECT_TYPES,
  include: [],
  exclude: [],
  exposed_only: false,
  definition: "deployed",
};

/** The options of a source that reads a sandbox, with a large budget and short pauses. */
export function tenantOptions(
  sandbox: Pick<DatasphereSandbox, "url" | "clientId" | "clientSecret" | "tokenUrl">,
  more: Partial<DatasphereSourceOptions> = {},
): DatasphereSourceOptions & { readonly close: () => void } {
  const agents = meteredAgents(createMeter());
  return {
    url: sandbox.url,
    auth: { client_id: sandbox.clientId, client_secret: () => sandbox.clientSecret, token_url: sandbox.tokenUrl, method: "post" },
    agents,
    limiter: createMinuteBudget({ clock: systemClock, perMinute: 1_000_000 }),
    clock: systemClock,
    random: systemRandom,
    retry: { attempts: 3, base_ms: 1, max_ms: 5 },
    timeout_ms: 300,
    scope: WHOLE_TENANT,
    flows: true,
    concurrency: 8,
    log: { event: () => undefined },
    ...NO_OVERLAY,
    ...more,
    close: () => agents.destroy(),
  };
}

/** A source over a sandbox tenant that lives as long as the test, with what it remembers and what it says. */
export function aTenantSource(
  sandbox: DatasphereSandbox,
  more: Partial<DatasphereSourceOptions> = {},
): {
  readonly source: Source;
  readonly events: readonly RunEvent[];
  list(known?: readonly string[]): Promise<Listing>;
  read(items: readonly Wanted[]): Promise<ReadonlyMap<string, ReadResult>>;
} {
  const events: RunEvent[] = [];
  const options = tenantOptions(sandbox, { log: { event: (event) => void events.push(event) }, ...more });
  onTestFinished(options.close);
  const source = createDatasphereSource(options);
  const memory = aMemory();
  return {
    source,
    events,
    list: (known = []) => listAll(source, memory, known),
    async read(items) {
      const results = await Array.fromAsync(source.read(items, { signal: NEVER }));
      return new Map(results.map((result) => [result.id, result]));
    },
  };
}

export const NEVER: AbortSignal = new AbortController().signal;

/** What a source remembers, as if every run committed. */
export function aMemory(): SourceMemory {
  const values = new Map<string, Json>();
  return { get: (key) => Promise.resolve(values.get(key)), set: (key, value) => void values.set(key, structuredClone(value)) };
}

async function listAll(source: Source, memory: SourceMemory, known: readonly string[]): Promise<Listing> {
  const items: Listed[] = [];
  const certificates: ListingCertificate[] = [];
  const problems: Problem[] = [];
  for await (const event of source.list({ signal: NEVER, memory, known: new Set(known) })) {
    if (event.kind === "listed") items.push(...event.items);
    else if (event.kind === "certificate") certificates.push(event.certificate);
    else if (event.kind === "problem") problems.push(event.problem);
  }
  return { items, certificates, problems };
}
