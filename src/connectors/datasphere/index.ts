export { MAPPING_VERSION } from "../../csn/to-asset.ts";
export { createDatasphereSource } from "./source.ts";
