export { createGlueTarget, type GlueTargetOptions } from "./target.ts";
export { createGlueSource, type GlueSourceOptions } from "./source.ts";
export { SOURCE_MAPPING_VERSION } from "./source-asset.ts";
