export { MemoryCatalog, type MemoryTable } from "./memory-catalog.ts";
export { createMemorySource, MemoryTenant, type MemorySourceOptions } from "./memory-source.ts";
export { createMemoryTarget, type MemoryTargetOptions } from "./memory-target.ts";
