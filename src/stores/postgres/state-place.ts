import type { ServerAddress } from "./server-address.ts";

/** Where a pipeline's state is kept. */
export interface StatePlace {
  readonly address: ServerAddress;
  readonly schema: string;
  readonly pipeline: string;
  /** For messages. */
  readonly shown: string;
}

export function statePlace(address: ServerAddress, schema: string, pipeline: string): StatePlace {
  return { address, schema, pipeline, shown: `of ${pipeline} in schema ${schema} of ${address.shown}` };
}
