import type { JsonObject } from "../../model/json.ts";
import type { CallOptions } from "../../ports/call.ts";
import { type BulkDefinitions, readBulk } from "./bulk-definitions.ts";
import { type DefinitionReply, type DefinitionState, type ObjectAddress, readDefinition } from "./read-definition.ts";
import { TenantError, type TenantHttp } from "./tenant-http.ts";

// Reading two objects costs two requests, their whole space one.
const FEWEST_FOR_BULK = 2;

/** Where definitions come from: out of a read of their whole space, where the tenant offers that and it is cheaper, else one by one. */
export class Definitions {
  readonly #http: TenantHttp;
  readonly #state: DefinitionState;
  readonly #bulkPath: () => string | null;
  readonly #spaces = new Map<string, BulkDefinitions>();

  /** `bulkPath` tells where spaces are read at once; null while the tenant does not offer it. */
  constructor(http: TenantHttp, state: DefinitionState, bulkPath: () => string | null) {
    this.#http = http;
    this.#state = state;
    this.#bulkPath = bulkPath;
  }

  /** Whether tables and views of that many in a space are better read at once. */
  isBulk(count: number): boolean {
    return this.#bulkPath() !== null && count >= FEWEST_FOR_BULK;
  }

  /** Tells what is about to be read, so that spaces with several of these are read at once. Only those are held on to. */
  async expect(addresses: readonly ObjectAddress[], options: CallOptions): Promise<void> {
    const wanted = Map.groupBy(addresses.filter(isInBulk), ({ space }) => space);
    for (const space of this.#spaces.keys()) if (!wanted.has(space)) this.#spaces.delete(space);
    for (const [space, { length }] of wanted) {
      if (!this.isBulk(length) || this.#spaces.has(space)) continue;
      try {
        await this.readSpace(space, options);
      } catch (error) {
        // Read one by one, each tells its own reason.
        if (!(error instanceof TenantError)) throw error;
      }
    }
  }

  /** Reads all tables and views of a space at once, and holds on to them. Throws as {@link readBulk} does. */
  async readSpace(space: string, options: CallOptions): Promise<void> {
    const path = this.#bulkPath();
    if (path !== null) this.#spaces.set(space, await readBulk(this.#http, path, space, options));
  }

  forget(space: string): void {
    this.#spaces.delete(space);
  }

  /** What was read of a definition with its space; null where that was not done. Throws `AssetError`. */
  ofBulk(address: ObjectAddress): JsonObject | null {
    return isInBulk(address) ? (this.#spaces.get(address.space)?.get(address.name) ?? null) : null;
  }

  /** One definition, read alone whatever is held. */
  readAlone(address: ObjectAddress, options: CallOptions, known?: string): Promise<DefinitionReply> {
    return readDefinition(this.#http, address, this.#state, options, known);
  }

  /** One definition. See {@link readDefinition}. */
  async read(address: ObjectAddress, options: CallOptions, known?: string): Promise<DefinitionReply> {
    const definition = this.ofBulk(address);
    if (definition !== null) return { kind: "definition", loaded: { definition }, token: null };
    return await this.readAlone(address, options, known);
  }
}

/** Bulk reads hold tables and views alone. */
function isInBulk({ segment }: ObjectAddress): boolean {
  return segment !== "analyticmodels";
}
