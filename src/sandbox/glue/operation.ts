import type { Catalogs } from "./catalogs.ts";
import { readRequest, type Shape } from "./shape.ts";

/** What an operation works on. */
export interface World {
  readonly catalogs: Catalogs;
  readonly quotas: Quotas;
  /** Whole seconds since 1970, as the service's own times are. */
  readonly now: () => number;
  /** Rows at most in a page, whatever was asked for; null for no such limit. */
  readonly pageRows: number | null;
}

/** The account's quotas: databases in a catalog, tables in a database, versions of a table (the current one counts). */
export interface Quotas {
  readonly database_limit: number;
  readonly table_limit: number;
  readonly version_limit: number;
}

export interface Operation {
  readonly writes: boolean;
  /** Answers with the response's members, or throws a GlueError and has changed nothing. */
  run(input: unknown, world: World): object;
}

export function reading<I>(shape: Shape<I>, run: (input: I, world: World) => object): Operation {
  return { writes: false, run: (input, world) => run(readRequest(shape, input), world) };
}

export function writing<I>(shape: Shape<I>, run: (input: I, world: World) => object): Operation {
  return { writes: true, run: (input, world) => run(readRequest(shape, input), world) };
}
