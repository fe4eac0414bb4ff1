export { MAPPING_VERSION } from "../../csn/to-asset.ts";
export { createCsnSource, type CsnSourceOptions } from "./source.ts";
