import type { Sections } from "./sections.ts";

/** A configuration as it is written: sections and keys may be left out. */
export interface WrittenConfig extends WrittenSections {
  readonly $schema?: string;
  readonly pipelines: readonly WrittenPipeline[];
}

export interface WrittenPipeline extends WrittenSections {
  readonly name: string;
  readonly source: SourceConfig;
  readonly target: TargetConfig;
}

export type WrittenSections = { readonly [Name in keyof Sections]?: Written<Sections[Name]> };

// Of a section with named keys, each may be left out; a word or a map of people's own keys is written whole.
type Written<Section> = Section extends string ? Section : string extends keyof Section ? Section : Partial<Section>;

export type SourceConfig = CsnSourceConfig;

/** A folder of CSN exports; each sub-folder is a space. */
export interface CsnSourceConfig {
  readonly type: "csn";
  /** Absolute after loading. */
  readonly path: string;
  /** The space of files that lie in the folder itself. */
  readonly space?: string;
}

export type TargetConfig = GlueTargetConfig | ChangefeedTargetConfig;

/** An AWS Glue Data Catalog, or something that speaks its protocol. Credentials come by the SDK's default chain. */
export interface GlueTargetConfig {
  readonly type: "glue";
  readonly region?: string;
  readonly endpoint?: string;
  readonly catalog_id?: string;
  readonly database_prefix?: string;
  readonly strings?: "varchar" | "string";
  readonly skip_archive?: boolean;
}

/** An append-only file of changes, for people who feed systems of their own. */
export interface ChangefeedTargetConfig {
  readonly type: "changefeed";
  /** Absolute after loading; `-` for standard output. */
  readonly path: string;
}
