export { MAPPING_VERSION } from "../../csn/to-asset.ts";
export { createCsnSource } from "./source.ts";
export { createCsnTarget } from "./target.ts";
