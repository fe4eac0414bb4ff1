/** The types whose objects are assets: the word of the configuration, and the segment in the tenant's paths. */
export const ASSET_TYPES = {
  local_tables: "localtables",
  remote_tables: "remotetables",
  views: "views",
  analytic_models: "analyticmodels",
} as const;

export type AssetObjects = keyof typeof ASSET_TYPES;
export type AssetSegment = (typeof ASSET_TYPES)[AssetObjects];

/** What SAP's command line calls a type: the middle of its operations' ids. */
export const COMMAND_WORDS: { readonly [S in AssetSegment]: string } = {
  localtables: "local-tables",
  remotetables: "remote-tables",
  views: "views",
  analyticmodels: "analytic-models",
};
