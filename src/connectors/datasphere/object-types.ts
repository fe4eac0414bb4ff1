/** The types whose objects are assets: the word of the configuration, and the segment in the tenant's paths. */
export const ASSET_TYPES = {
  local_tables: "localtables",
  remote_tables: "remotetables",
  views: "views",
  analytic_models: "analyticmodels",
} as const;

export type AssetObjects = keyof typeof ASSET_TYPES;
export type AssetSegment = (typeof ASSET_TYPES)[AssetObjects];

/** The types whose objects fill tables and are no assets: the word of an asset's custom properties, and the segment. */
export const FLOW_TYPES = {
  data_flows: "dataflows",
  replication_flows: "replicationflows",
  transformation_flows: "transformationflows",
} as const;

export type FlowObjects = keyof typeof FLOW_TYPES;
export type FlowSegment = (typeof FLOW_TYPES)[FlowObjects];

/** What runs flows and other tasks. It moves no data of its own. */
export const TASK_CHAINS = "taskchains";

/** Whatever is listed. */
export type ListedSegment = AssetSegment | FlowSegment | typeof TASK_CHAINS;

/** What SAP's command line calls a type: the middle of its operations' ids. */
export const COMMAND_WORDS: { readonly [S in ListedSegment]: string } = {
  localtables: "local-tables",
  remotetables: "remote-tables",
  views: "views",
  analyticmodels: "analytic-models",
  dataflows: "data-flows",
  replicationflows: "replication-flows",
  transformationflows: "transformation-flows",
  taskchains: "task-chains",
};
