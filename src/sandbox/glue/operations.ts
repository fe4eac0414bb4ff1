import { databaseOperations } from "./database-operations.ts";
import type { Operation } from "./operation.ts";
import { tableReading } from "./table-reading.ts";
import { tableWriting } from "./table-writing.ts";
import { tagOperations } from "./tag-operations.ts";
import { versionOperations } from "./version-operations.ts";

/** Every operation that the sandbox simulates. All others answer `UnknownOperationException`. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...databaseOperations, ...tableReading, ...tableWriting, ...versionOperations, ...tagOperations }),
);
