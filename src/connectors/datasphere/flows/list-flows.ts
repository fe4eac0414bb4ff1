import { AssetError } from "../../../model/errors.ts";
import type { CallOptions } from "../../../ports/call.ts";
import { type Capabilities, TIMES } from "../capabilities.ts";
import { inParallel } from "../in-parallel.ts";
import { isNeverDeployed, listObjects, ListRefused, type ObjectRow } from "../list-objects.ts";
import { FLOW_TYPES, type FlowObjects, type ListedSegment, TASK_CHAINS } from "../object-types.ts";
import { readDocument } from "../read-definition.ts";
import { rowToken } from "../row-token.ts";
import type { Session } from "../session.ts";
import { PageRefused } from "../pages.ts";
import { TenantError } from "../tenant-http.ts";
import type { TenantMemory } from "../tenant-memory.ts";
import type { FilledBy } from "./filled-by.ts";
import { fillsOf } from "./flow-document.ts";
import type { FlowMemory, FlowPlace, KnownFlow } from "./flow-memory.ts";

/** What came of the flows of a space. */
export interface SpaceFlows {
  /** Flows listed, and of these those that were read in this run. */
  readonly flows: number;
  readonly read: number;
  readonly task_chains: number;
  /** Why some of them could not be listed or read: the first reason, and how many there are. */
  readonly failed: { readonly count: number; readonly first: string; readonly forbidden: boolean } | null;
}

export interface FlowListing {
  readonly capabilities: Capabilities;
  readonly memory: FlowMemory;
  /** How long lists were. */
  readonly lengths: TenantMemory;
  readonly filledBy: FilledBy;
  /** Nothing that is remembered proves a flow unchanged. */
  readonly readsAll: boolean;
}

/**
 * Lists the flows of a space, reads those that may have changed, and notes what each fills. What cannot be listed or read fills what it
 * filled when it was last read: it fails no table, and never looks like a flow that is gone. Task chains are counted.
 */
export async function listFlows(session: Session, space: string, listing: FlowListing, options: CallOptions): Promise<SpaceFlows> {
  const seen = new FlowsOfSpace(session, space, listing, options);
  for (const type of Object.keys(FLOW_TYPES) as FlowObjects[]) await seen.list(type);
  await seen.count();
  return seen.result();
}

class FlowsOfSpace {
  readonly #session: Session;
  readonly #space: string;
  readonly #listing: FlowListing;
  readonly #options: CallOptions;
  readonly #failures: string[] = [];
  #forbidden = false;
  #flows = 0;
  #read = 0;
  #chains = 0;

  constructor(session: Session, space: string, listing: FlowListing, options: CallOptions) {
    this.#session = session;
    this.#space = space;
    this.#listing = listing;
    this.#options = options;
  }

  async list(type: FlowObjects): Promise<void> {
    const { memory, filledBy } = this.#listing;
    const place: FlowPlace = { space: this.#space, segment: FLOW_TYPES[type] };
    const before = memory.of(place);
    const rows = await this.#rows(place.segment, before.size > 0);
    if (rows === null) {
      this.#flows += before.size;
      for (const [name, { fills }] of before) filledBy.add(this.#space, type, name, fills);
      return;
    }
    const flows = new Map<string, KnownFlow>();
    const look = async (row: ObjectRow): Promise<readonly [string, KnownFlow | null]> => [
      row.technicalName,
      await this.#flow(type, row, before.get(row.technicalName) ?? null),
    ];
    for await (const [name, flow] of inParallel(rows, this.#session.concurrency, look)) if (flow !== null) flows.set(name, flow);
    this.#flows += rows.length;
    memory.keep(place, flows);
    for (const [name, { fills }] of flows) filledBy.add(this.#space, type, name, fills);
  }

  /** Task chains run flows and move no data of their own. */
  async count(): Promise<void> {
    this.#chains = (await this.#rows(TASK_CHAINS, false))?.length ?? 0;
  }

  result(): SpaceFlows {
    const [first] = this.#failures;
    const failed = first === undefined ? null : { count: this.#failures.length, first, forbidden: this.#forbidden };
    return { flows: this.#flows, read: this.#read, task_chains: this.#chains, failed };
  }

  /** The rows of a list that count; null where it cannot be read. */
  async #rows(segment: ListedSegment, isExpected: boolean): Promise<readonly ObjectRow[] | null> {
    // Whom one list of a space is refused, all are.
    if (this.#forbidden) return null;
    try {
      const rows = await this.#whole(segment);
      return this.#session.scope.definition === "deployed" ? rows.filter((row) => !isNeverDeployed(row)) : rows;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (!(error instanceof TenantError)) throw error;
      // A tenant may be older than the type.
      if (error instanceof PageRefused && error.status === 404 && !isExpected) return [];
      this.#forbidden ||= error.kind === "forbidden";
      this.#failures.push(`the list of its ${segment} cannot be read: ${error.message}`);
      return null;
    }
  }

  /** Asks for less where that much is refused. What is learned so says nothing of other lists: flows have fewer properties. */
  async #whole(segment: ListedSegment): Promise<readonly ObjectRow[]> {
    const { select } = this.#listing.capabilities;
    let refused = "";
    for (const wanted of LADDER) {
      try {
        return await this.#pages(
          segment,
          wanted.filter((property) => select.includes(property)),
        );
      } catch (error) {
        if (!(error instanceof ListRefused)) throw error;
        refused = error.message;
      }
    }
    throw new TenantError("unavailable", refused);
  }

  async #pages(segment: ListedSegment, select: readonly string[]): Promise<readonly ObjectRow[]> {
    const { lengths, capabilities: found } = this.#listing;
    const list = `${this.#space}/${segment}`;
    const asked = { space: this.#space, segment, before: lengths.lengthOf(list) };
    const capabilities = { ...found, select };
    const rows: ObjectRow[] = [];
    for await (const page of listObjects(this.#session.http, capabilities, asked, this.#options)) {
      this.#session.clock.hear(page.made);
      rows.push(...page.rows);
      if (rows.length > MOST_FLOWS) throw new TenantError("too_large", `it has more than ${MOST_FLOWS} of them`);
    }
    lengths.keepLength(list, rows.length);
    return rows;
  }

  async #flow(type: FlowObjects, row: ObjectRow, before: KnownFlow | null): Promise<KnownFlow | null> {
    const { clock, scope, http } = this.#session;
    const times = rowToken(row, scope.definition);
    // Without waiting: a flow that is too young to be proved is read once more.
    const proof = times !== null && clock.hasReached(times.settles) ? times.token : null;
    if (before !== null && this.#holds(before, proof)) return before;
    const name = row.technicalName;
    const known = this.#listing.readsAll || before === null ? undefined : (before.token ?? undefined);
    try {
      const reply = await readDocument(
        http,
        { space: this.#space, segment: FLOW_TYPES[type], name },
        scope.definition,
        this.#options,
        known,
      );
      // A list that tells no status holds flows that were never deployed, too.
      if (reply.kind === "absent" && before === null && row.status === undefined) return null;
      if (reply.kind === "absent") throw new TenantError("unavailable", `it was listed and cannot be found (${reply.why})`);
      this.#read++;
      const at = this.#session.now();
      if (reply.kind === "unchanged" && before !== null) return { ...before, token: proof ?? before.token, at };
      const fills = reply.kind === "document" ? fillsOf(reply.document, type, name) : null;
      if (fills === null) throw new TenantError("unreadable", "what it fills is not told in a form that is known");
      return { token: proof ?? (reply.kind === "document" ? reply.token : null), at, fills };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (!(error instanceof TenantError || error instanceof AssetError)) throw error;
      this.#failures.push(`${name} cannot be read: ${error.message}`);
      // What it had no longer proves anything: it is read again.
      return before === null ? null : { ...before, token: null, at: 0 };
    }
  }

  #holds(before: KnownFlow, proof: string | null): boolean {
    const { readsAll } = this.#listing;
    const { policy } = this.#session;
    if (readsAll) return false;
    if (proof !== null && proof === before.token) return true;
    const age = this.#session.now() - before.at;
    return proof === null && policy !== null && age >= 0 && age < policy.max_age_ms;
  }
}

const NAME = "technicalName";
const LADDER: readonly (readonly string[])[] = [[NAME, "status", ...TIMES], [NAME, "status"], [NAME]];

// Of a type in a space. Each is held for as long as the run lasts.
const MOST_FLOWS = 20_000;
