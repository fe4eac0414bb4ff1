export { SqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
export type { Verification } from "./verify-state.ts";
