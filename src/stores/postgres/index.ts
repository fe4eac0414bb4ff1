export { advisoryLock } from "./advisory-lock.ts";
export { PostgresStore } from "./postgres-store.ts";
export { serverAddress } from "./server-address.ts";
export { statePlace } from "./state-place.ts";
