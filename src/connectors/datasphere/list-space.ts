import { type AssetId, assetId } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";
import type { Listed, ListingCertificate, ListingEvent } from "../../model/listing.ts";
import type { CallOptions } from "../../ports/call.ts";
import { type FlowListing, listFlows, type SpaceFlows } from "./flows/list-flows.ts";
import type { Problem } from "../../model/errors.ts";
import { bulkTokens } from "./bulk-tokens.ts";
import { isNeverDeployed, type ObjectRow } from "./list-objects.ts";
import { modelToken } from "./model-sources.ts";
import type { ObjectLists } from "./object-lists.ts";
import { segmentOf } from "./exposed-assets.ts";
import { ASSET_TYPES, type AssetSegment } from "./object-types.ts";
import { rowToken } from "./row-token.ts";
import { covers } from "./scope.ts";
import type { Locator, Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";

// What one bulk read can hold.
const MOST_HELD = 50_000;
// About 40 MB. What is beyond is read, and found to be there.
const MOST_WITHDRAWN = 200_000;
const SPACE_NAME = /^[A-Za-z0-9_]+$/;

/** One space as it is listed, type by type. */
export class SpaceListing {
  readonly name: string;
  readonly #session: Session;
  readonly #covers: ReturnType<typeof covers>;
  readonly #gaps: string[] = [];
  #isReadable = true;
  /** Why its lists are refused, where they are and nothing stands in for them. */
  #forbidden: string | null = null;
  #exposed: ReadonlySet<string> | null = null;
  #count = 0;
  #flows: SpaceFlows | null = null;
  /** Items that wait for the tokens of a bulk read. */
  #held: Listed[] = [];
  readonly #skipped = { not_deployed: 0, not_covered: 0, not_exposed: 0 };

  static missing(session: Session, name: string): SpaceListing {
    const space = new SpaceListing(session, name);
    space.#close("the technical user is not a member of it any more, or it is gone; it held assets before");
    return space;
  }

  constructor(session: Session, name: string) {
    this.#session = session;
    this.#covers = covers(session.scope);
    this.name = name;
    if (!SPACE_NAME.test(name))
      this.#close(`its name ${JSON.stringify(name)} is not that of a space, which has only letters, digits and "_"`);
  }

  /** Reads what fills its tables, before these are listed: their tokens tell that too. */
  async readFlows(listing: FlowListing, options: CallOptions): Promise<void> {
    if (this.#isReadable) this.#flows = await listFlows(this.#session, this.name, listing, options);
  }

  /** What is to be told of flows that could not be read; null where there is nothing, or the space's listing says that more is amiss. */
  unreadFlows(): Problem | null {
    const failed = this.#flows?.failed ?? null;
    if (failed === null || !this.#isReadable || this.#gaps.length > 0) return null;
    const more = failed.count === 1 ? "" : `, and ${failed.count - 1} more like it`;
    const wayOut = failed.forbidden
      ? "Give the technical user a role that reads flows, or set the source's `flows: false`."
      : "Run again, or mend what the message names.";
    return {
      scope: this.name,
      code: "flows_unread",
      message: `What fills the tables of ${this.name} is not wholly known: ${failed.first}${more}. What was known of it stays. ${wayOut}`,
    };
  }

  async *list(lists: ObjectLists, segment: AssetSegment, options: CallOptions): AsyncIterable<ListingEvent> {
    if (this.#session.scope.exposed_only) await this.#readCatalog(options);
    if (!this.#isReadable) return;
    try {
      for await (const { rows } of lists.of(this.name, segment, options)) {
        const items: Listed[] = [];
        for (const row of rows) if (this.#isCovered(row)) items.push(await this.#item(row, segment, options));
        this.#count += items.length;
        if (this.#session.listing.definitions.isBulk(Number.POSITIVE_INFINITY) && segment !== "analyticmodels") this.#held.push(...items);
        else if (items.length > 0) yield { kind: "listed", items };
        if (this.#held.length > MOST_HELD) yield this.#release();
      }
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TenantError)) throw error;
      if (error.kind === "forbidden") {
        this.#isReadable = false;
        this.#forbidden = `the technical user may not read its objects: ${error.message}`;
      } else this.#gaps.push(`the list of its ${segment} cannot be read: ${error.message}`);
    }
  }

  /** What is left when all tables and views are listed, with the tokens of a bulk read where the tenant offers that. */
  async *rest(lists: ObjectLists, options: CallOptions): AsyncIterable<ListingEvent> {
    const { content_trusted: isTrusted } = lists.capabilities;
    if (this.#session.listing.definitions.isBulk(this.#held.length)) {
      const { items, refused } = await bulkTokens(this.#session, this.name, this.#held, { ...options, isTrusted });
      if (refused !== null)
        this.#session.log.event({ kind: "debug", message: "bulk read refused", fields: { space: this.name, why: refused } });
      if (refused !== null || items.some(({ token }) => token !== null)) lists.learnBulk(refused);
      for (const { id, token, locator } of items)
        this.#session.listing.index.add(id, { segment: (locator as unknown as Locator).segment, token });
      this.#held = [...items];
    }
    if (this.#held.length > 0) yield this.#release();
    if (this.#forbidden !== null) yield* this.#exposedInstead(options);
  }

  /** Where the lists are refused, the catalog may still tell what is exposed: all of the scope, if the scope is no more than that. */
  async *#exposedInstead(options: CallOptions): AsyncIterable<ListingEvent> {
    const { exposed, scope } = this.#session;
    try {
      const found = [...(await exposed.of(this.name, options)).values()];
      const segments = scope.object_types.map((type) => ASSET_TYPES[type]);
      const items = found
        .map((asset): Listed & { readonly locator: Locator & Json } => {
          const locator = { segment: segmentOf(asset), metadata_only: true } as const;
          return { id: assetId(this.name, asset.name), scope: this.name, token: null, locator };
        })
        .filter(({ id, locator }) => this.#covers(id) && segments.includes(locator.segment));
      this.#count += items.length;
      if (scope.exposed_only) this.#forbidden = null;
      if (items.length > 0) yield { kind: "listed", items };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TenantError)) throw error;
      this.#gaps.push(`its catalog cannot be read either: ${error.message}`);
    }
  }

  #release(): ListingEvent {
    const items = this.#held;
    this.#held = [];
    return { kind: "listed", items };
  }

  certificate(known: ReadonlySet<string>): ListingCertificate {
    const gaps = [...this.#gaps, ...(this.#forbidden === null ? [] : [this.#forbidden])];
    if (this.#count === 0 && known.has(this.name) && gaps.length === 0) gaps.push("it holds no asset, and it held some before");
    const { name: scope } = this;
    const fields = { space: scope, listed: this.#count, ...this.#skipped, forbidden: !this.#isReadable, incomplete: gaps.length > 0 };
    this.#session.log.event({ kind: "debug", message: "space listed", fields });
    const listed = { scope, count: this.#count, skipped: { ...this.#skipped }, ...this.#beside() };
    return gaps.length === 0 ? { ...listed, complete: true } : { ...listed, complete: false, problem: gaps.join("; ") };
  }

  #beside(): Pick<ListingCertificate, "beside"> {
    if (this.#flows === null) return {};
    const { flows, read: flows_read, task_chains } = this.#flows;
    return { beside: { flows, flows_read, task_chains } };
  }

  /** Notes the names that are exposed for consumption. */
  async #readCatalog(options: CallOptions): Promise<void> {
    if (!this.#isReadable || this.#exposed !== null) return;
    try {
      this.#exposed = new Set((await this.#session.exposed.of(this.name, options)).keys());
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TenantError)) throw error;
      this.#close(`what it exposes for consumption cannot be read: ${error.message}`);
    }
  }

  #isCovered(row: ObjectRow): boolean {
    if (!this.#covers(assetId(this.name, row.technicalName))) this.#skipped.not_covered++;
    else if (this.#session.scope.definition === "deployed" && isNeverDeployed(row)) this.#skipped.not_deployed++;
    else if (this.#exposed?.has(row.technicalName) === false) this.#leaveOut(row);
    else return true;
    return false;
  }

  #leaveOut({ technicalName }: ObjectRow): void {
    const { withdrawn } = this.#session.listing;
    this.#skipped.not_exposed++;
    if (withdrawn.size < MOST_WITHDRAWN) withdrawn.add(assetId(this.name, technicalName));
  }

  async #item(row: ObjectRow, segment: AssetSegment, options: CallOptions): Promise<Listed> {
    const { scope, clock } = this.#session;
    const { index, schedule, filledBy } = this.#session.listing;
    const id = assetId(this.name, row.technicalName);
    const times = rowToken(row, scope.definition);
    const said = schedule === null ? {} : { row: filledBy.token(id, JSON.stringify(row)) };
    const proof = times !== null && clock.hasReached(times.settles) ? times.token : null;
    const locator: Locator = { segment, ...(times === null ? {} : { times }), ...said };
    const listed = { id, scope: this.name, locator: locator as unknown as Json };
    if (segment === "analyticmodels") return { ...listed, token: proof === null ? null : await this.#modelToken(id, proof, options) };
    index.add(id, { segment, token: proof });
    const told = proof === null ? null : filledBy.token(id, proof);
    return { ...listed, token: told ?? schedule?.tokenOf(id, said.row ?? "") ?? null };
  }

  /** A model is as its sources are: the token of its own times, and what the types that it takes are now. */
  async #modelToken(id: AssetId, own: string, options: CallOptions): Promise<string | null> {
    const { models, modelMemory } = this.#session.listing;
    const origins = modelMemory.originsAt(id, own);
    if (origins === null) return null;
    try {
      const { types, isWhole } = await models.typesOf(origins, options);
      return isWhole ? modelToken(own, types) : null;
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof TenantError) return null;
      throw error;
    }
  }

  #close(why: string): void {
    this.#isReadable = false;
    this.#gaps.push(why);
  }
}
