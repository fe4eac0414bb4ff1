import type { CallOptions } from "../../ports/call.ts";
import { type Capabilities, discover, humbler } from "./capabilities.ts";
import { listObjects, ListRefused, type ObjectPage } from "./list-objects.ts";
import type { AssetSegment } from "./object-types.ts";
import type { TenantClock } from "./tenant-clock.ts";
import { TenantError, type TenantHttp } from "./tenant-http.ts";
import type { TenantMemory } from "./tenant-memory.ts";

/** The lists of a tenant, asked for in the way that it was found to take, and found out anew where it does not any more. */
export class ObjectLists {
  readonly #http: TenantHttp;
  readonly #clock: TenantClock;
  readonly #memory: TenantMemory;
  #capabilities: Capabilities;
  #isFresh: boolean;

  static async open(http: TenantHttp, clock: TenantClock, memory: TenantMemory, options: CallOptions): Promise<ObjectLists> {
    const remembered = memory.capabilities;
    return new ObjectLists(http, clock, memory, remembered ?? (await discover(http, options)), remembered === null);
  }

  private constructor(http: TenantHttp, clock: TenantClock, memory: TenantMemory, capabilities: Capabilities, isFresh: boolean) {
    this.#http = http;
    this.#clock = clock;
    this.#memory = memory;
    this.#isFresh = isFresh;
    this.#capabilities = capabilities;
    memory.capabilities = capabilities;
  }

  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  /** Notes what came of a bulk read: `null` where it is to be trusted, else why not to ask for one again. */
  learnBulk(refused: string | null): void {
    this.#goBy({ ...this.#capabilities, ...(refused === null ? { content_trusted: true } : { content: null }) });
  }

  /** The objects of one type in a space. Throws {@link TenantError} where the list is not to be had whole. */
  async *of(space: string, segment: AssetSegment, options: CallOptions): AsyncIterable<ObjectPage> {
    const name = `${space}/${segment}`;
    const asked = { space, segment, before: this.#memory.lengthOf(name) };
    for (;;) {
      let length = 0;
      let isOutdated = false;
      try {
        for await (const page of listObjects(this.#http, this.#capabilities, asked, options)) {
          this.#clock.hear(page.made);
          // A new release may tell more, and that is found out before anything of the list is believed.
          isOutdated = !this.#isFresh && page.discovery !== this.#capabilities.discovery;
          if (isOutdated) break;
          length += page.rows.length;
          yield page;
        }
        if (!isOutdated) {
          this.#memory.keepLength(name, length);
          return;
        }
        await this.#rediscover(options);
      } catch (error) {
        if (!(error instanceof ListRefused)) throw error;
        if (length > 0 || !(await this.#askForLess(options)))
          throw new TenantError("unavailable", `its list of ${segment} is refused: ${error.message}`);
      }
    }
  }

  async #askForLess(options: CallOptions): Promise<boolean> {
    if (!this.#isFresh) {
      await this.#rediscover(options);
      return true;
    }
    const less = humbler(this.#capabilities);
    if (less !== null) this.#goBy(less);
    return less !== null;
  }

  async #rediscover(options: CallOptions): Promise<void> {
    this.#isFresh = true;
    this.#goBy(await discover(this.#http, options));
  }

  #goBy(capabilities: Capabilities): void {
    this.#capabilities = capabilities;
    this.#memory.capabilities = capabilities;
  }
}
