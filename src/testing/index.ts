export { aColumn, anAsset, type AssetTraits } from "./builders.ts";
export { sourceConformance } from "./source-conformance.ts";
export { storeConformance } from "./store-conformance.ts";
export { storeEquivalence } from "./store-equivalence.ts";
export { targetConformance } from "./target-conformance.ts";
