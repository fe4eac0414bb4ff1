import { technicalNameOf } from "../../src/model/asset.ts";
import { MemoryCatalog } from "../../src/connectors/memory/index.ts";
import { TidemarkError } from "../../src/model/errors.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { Fault, LoggedRequest } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { STRIKES } from "../../src/sandbox/datasphere/strikes.ts";
import { tokenOf } from "../helpers/tenant-token.ts";
import { aTable, assetsIn, memoryTarget, openTenantPipeline, type TenantPipeline } from "../helpers/tenant-pipeline.ts";

/** What troubles the tenant's answers, one request at a time. */
export const TENANT_FAULTS: readonly Omit<Fault, "at">[] = [
  ...(["reset", "hang", "truncated_body", "truncated_chunk", "cut_gzip", "corrupt_gzip", "duplicate_response"] as const),
  ...(["wrong_content_type", "cut_body", "empty_body", "html", "redirect", "deep_json"] as const),
  ...(["unauthorized", "forbidden", "not_found", "throttle", "internal_error", "bad_gateway", "unavailable", "gateway_timeout"] as const),
  ...(["object_instead_of_list", "nameless_row", "duplicate_row", "short_page", "ignored_skip", "shifting_page"] as const),
  ...(["wrong_count", "missing_next_link", "foreign_next_link", "looping_next_link", "endless_next_link"] as const),
  ...(["missing_definition", "broken_definition", "dropped_row", "stale"] as const),
  ...(["deep_xml", "entity_expansion", "external_entity", "duplicate_attribute"] as const),
]
  .map((fault): Omit<Fault, "at"> => ({ fault, ...(fault === "throttle" || fault === "unavailable" ? { retry_after: "0" } : {}) }))
  .concat({ fault: "slow", ms: 20 }, { fault: "drip", ms: 20 }, { fault: "gzip_bomb", bytes: 70 * 1024 * 1024 });

/** What a tenant leaves out of an answer that is right in every other respect: no reader can know it, only delete nothing for it. */
const UNKNOWABLE: ReadonlySet<string> = new Set(["dropped_row", "stale"]);

const ASSETS = 20;
const CHANGED = 10;
const GONE = 2;

export interface FaultedSyncs {
  /** Runs that met the fault. */
  readonly struck: number;
  readonly findings: readonly string[];
}

/** What kind of sync meets the fault. */
type Kind = "first" | "next" | "exposed" | "metadata";

/**
 * Four kinds of sync of twenty assets: a first one; one in which ten are changed, two gone and two new; a first one of what the catalog
 * says is exposed; and that without the right to read definitions, so that everything comes from `$metadata`. One request of the run
 * meets the fault; `chosen` tells which of its requests are tried, counted from 1.
 *
 * Whatever the fault: no table of an asset that exists is deleted, no run calls itself successful whose target is not as the tenant
 * is, and at most two further runs lead there, with nothing left to write.
 */
export async function faultedTenantSyncs(fault: Omit<Fault, "at">, chosen: (at: number, of: number) => boolean): Promise<FaultedSyncs> {
  await using scene = await FaultedScene.open();
  let struck = 0;
  for (const kind of ["first", "next", "exposed", "metadata"] as const) {
    const requests = await scene.run(kind, null);
    const places = requests.filter((operation) => STRIKES[fault.fault].on.includes(operation)).map((_, index) => index + 1);
    for (const at of places.filter((place) => chosen(place, places.length))) {
      await scene.run(kind, { ...fault, at });
      struck++;
    }
  }
  return { struck, findings: scene.findings };
}

/** An exposed view with these two columns. */
function aView(column: string): JsonObject {
  return aTable(["ID", column], {
    "@DataWarehouse.consumption.external": true,
    query: { SELECT: { from: { ref: ["ELSEWHERE"] } } },
  });
}

class FaultedScene implements AsyncDisposable {
  readonly findings: string[] = [];
  readonly #pipeline: TenantPipeline;
  /** The assets of the tenant, each with its second column, which every change names anew. */
  readonly #tenant = new Map<string, string>();
  #catalog = new MemoryCatalog();
  #turn = 0;

  static async open(): Promise<FaultedScene> {
    const pipeline = await openTenantPipeline({ target: memoryTarget(new MemoryCatalog()), tenant: { spaces: ["SALES"] } });
    // The made-up tenant has one asset at least.
    pipeline.tenant.edit({ edit: "random", does: "delete", count: 1 });
    const scene = new FaultedScene(pipeline);
    scene.#fillUp();
    return scene;
  }

  private constructor(pipeline: TenantPipeline) {
    this.#pipeline = pipeline;
  }

  /** One run that meets the fault, and those that set it right. Answers with the requests of the first, by operation. */
  async run(kind: Kind, fault: Fault | null): Promise<readonly LoggedRequest["operation"][]> {
    const { tenant } = this.#pipeline;
    if (kind === "next") this.#edit();
    else {
      this.#catalog = new MemoryCatalog();
      this.#pipeline.forget(memoryTarget(this.#catalog));
      this.#fillUp();
    }
    const before = assetsIn(this.#catalog);
    tenant.reset({ counts: true });
    if (fault !== null) tenant.fault(fault);
    const outcome = await this.#sync(kind).catch((error: unknown) => error);
    const requests = tenant.requests().map(({ operation }) => operation);
    tenant.clearFaults();
    const vanished = await this.#vanished();
    for (const finding of [...this.#wrong(before, outcome, fault, vanished), ...(await this.#notMended(kind))]) {
      this.findings.push(`${fault?.fault ?? "no fault"} at request ${fault?.at ?? 0} of a ${kind} sync: ${finding}`);
    }
    return requests;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#pipeline[Symbol.asyncDispose]());
  }

  #sync(kind: Kind): Promise<RunReport> {
    if (kind === "metadata")
      for (const operation of ["list_objects", "read_object"] as const)
        this.#pipeline.tenant.fault({ fault: "forbidden", operation, times: "always" });
    return this.#pipeline.sync({}, { scope: { exposed_only: kind === "exposed" || kind === "metadata" } });
  }

  #edit(): void {
    const names = [...this.#tenant.keys()];
    for (const name of names.slice(0, GONE)) {
      this.#pipeline.tenant.edit({ edit: "delete", space: "SALES", name });
      this.#tenant.delete(name);
    }
    for (const name of names.slice(GONE, GONE + CHANGED)) {
      const column = `V${this.#turn++}`;
      this.#pipeline.tenant.edit({ edit: "change", space: "SALES", name, definition: aView(column) });
      this.#tenant.set(name, column);
    }
    this.#fillUp();
  }

  #fillUp(): void {
    while (this.#tenant.size < ASSETS) {
      const turn = this.#turn++;
      const name = `T${turn}`;
      this.#pipeline.tenant.edit({ edit: "add", space: "SALES", name, type: "views", definition: aView(`V${turn}`) });
      this.#tenant.set(name, `V${turn}`);
    }
    this.#fillFirst();
  }

  /** A flow that fills the first asset from the second. A fault may have taken it away. */
  #fillFirst(): void {
    const [first = "", second = ""] = this.#tenant.keys();
    const process = (role: string, dwcEntity: string): JsonObject => ({ component: `x.${role}`, metadata: { config: { dwcEntity } } });
    const processes = { in: process("consumer", second), out: process("producer", first) };
    const definition = { kind: "sap.dis.dataflow", contents: { processes } };
    const flow = { space: "SALES", name: "LOAD", definition };
    try {
      this.#pipeline.tenant.edit({ edit: "change", ...flow });
    } catch {
      this.#pipeline.tenant.edit({ edit: "add", type: "dataflows", ...flow });
    }
  }

  /** The objects that went during the run: a fault may take one away. */
  async #vanished(): Promise<readonly string[]> {
    const { tenant } = this.#pipeline;
    const headers = { authorization: `Bearer ${await tokenOf(tenant)}` };
    const answer = await fetch(`${tenant.url}/dwaas-core/api/v1/spaces/SALES/views?top=200`, { headers });
    const there = new Set(((await answer.json()) as readonly { readonly technicalName: string }[]).map((row) => row.technicalName));
    const vanished = [...this.#tenant.keys()].filter((name) => !there.has(name));
    for (const name of vanished) this.#tenant.delete(name);
    this.#fillFirst();
    return vanished;
  }

  #wrong(before: readonly string[], outcome: unknown, fault: Fault | null, vanished: readonly string[]): readonly string[] {
    const now = new Set(assetsIn(this.#catalog));
    const lost = before.filter((id) => !now.has(id) && this.#tenant.has(technicalNameOf(id)));
    const found = lost.map((id) => `deleted ${id}, which exists`);
    if (outcome instanceof Error) {
      const isTold = outcome instanceof TidemarkError && outcome.code === "source_unavailable";
      return isTold ? found : [...found, `threw ${outcome.message}`];
    }
    const { status, problems } = outcome as RunReport;
    if (status !== "succeeded") return problems.length > 0 ? found : [...found, `is ${status} and says nothing of why`];
    // What went after it was listed may be left for the next run.
    const difference = this.#difference(vanished);
    return difference === "" || UNKNOWABLE.has(fault?.fault ?? "") ? found : [...found, `calls itself successful, and ${difference}`];
  }

  async #notMended(kind: Kind): Promise<readonly string[]> {
    const said: string[] = [];
    for (let runs = 0; runs < 2; runs++) {
      const { status, problems } = await this.#sync(kind);
      said.push(...problems.map(({ message }) => message));
      if (status === "succeeded" && this.#difference() === "" && (kind === "metadata" || this.#filledOtherwise() === "")) break;
    }
    this.#pipeline.tenant.clearFaults();
    const difference = this.#difference() || (kind === "metadata" ? "" : this.#filledOtherwise());
    if (difference !== "") return [`after two more runs ${difference}: ${said.join(" ")}`];
    const { writes } = this.#catalog;
    const { status, problems } = await this.#sync(kind);
    this.#pipeline.tenant.clearFaults();
    if (status === "succeeded" && this.#catalog.writes === writes) return [];
    return [
      `the run after all was mended is ${status}, with ${this.#catalog.writes - writes} writes: ${problems[0]?.message ?? "no problem"}`,
    ];
  }

  /** How what fills the assets in the target differs from what the flow says; empty where it does not. Whom definitions are refused, flows are. */
  #filledOtherwise(): string {
    const filled = this.#catalog.places().flatMap((place) => {
      const asset = this.#catalog.read(place)?.table.asset;
      return asset?.metadata.custom_properties["filled_by"] === undefined ? [] : [asset.content.technical_name];
    });
    const [first = ""] = this.#tenant.keys();
    return filled.length === 1 && filled[0] === first
      ? ""
      : `the target says that ${filled.join(", ") || "nothing"} is filled, and not ${first}`;
  }

  /** How the target differs from the tenant; empty where it does not. */
  #difference(besides: readonly string[] = []): string {
    const there = new Map(
      this.#catalog.places().flatMap((place) => {
        const asset = this.#catalog.read(place)?.table.asset;
        return asset === null || asset === undefined ? [] : [[asset.content.technical_name, asset.schema.columns[1]?.name] as const];
      }),
    );
    const wrong = [...this.#tenant].filter(([name, column]) => there.get(name) !== column).map(([name]) => name);
    const left = [...there.keys()].filter((name) => !this.#tenant.has(name) && !besides.includes(name));
    return wrong.length + left.length === 0
      ? ""
      : `the target lacks or has otherwise ${wrong.join(", ") || "none"}, and still has ${left.join(", ") || "none"}`;
  }
}
