export { openMemorySpool } from "./memory-spool.ts";
export { openSpool } from "./open-spool.ts";
