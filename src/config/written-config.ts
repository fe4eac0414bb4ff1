import type { NamingTemplates } from "../connectors/glue/naming-templates.ts";
import type { GlueConnectionConfig } from "./glue-connection.ts";
import type { DatasphereSourceConfig } from "./datasphere-source.ts";
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

export type SourceConfig = CsnSourceConfig | DatasphereSourceConfig | GlueSourceConfig;

/** A folder of CSN exports; each sub-folder is a space. */
export interface CsnSourceConfig {
  readonly type: "csn";
  /** Absolute after loading. */
  readonly path: string;
  /** The space of files that lie in the folder itself. */
  readonly space?: string;
}

/** An AWS Glue Data Catalog, or something that speaks its protocol. */
export interface GlueSourceConfig extends GlueConnectionConfig {
  readonly type: "glue";
  readonly databases?: readonly string[];
  readonly tables?: "own" | "foreign" | "all";
  readonly identity?: "place" | "asset";
}

export type TargetConfig = GlueTargetConfig | CsnTargetConfig | ChangefeedTargetConfig;

/** An AWS Glue Data Catalog, or something that speaks its protocol. */
export interface GlueTargetConfig extends GlueConnectionConfig, NamingTemplates {
  readonly type: "glue";
  readonly strings?: "varchar" | "string";
  readonly types?: { readonly [sourceType: string]: string };
  readonly database_tags?: { readonly [tag: string]: string };
  readonly skip_archive?: boolean | "unless_schema";
  readonly look_before_first_update?: boolean;
  readonly delete_empty_databases?: boolean;
}

/** A folder of CSN files, one for each asset in the folder of its space. */
export interface CsnTargetConfig {
  readonly type: "csn";
  /** Absolute after loading. */
  readonly path: string;
}

/** An append-only file of changes, for people who feed systems of their own. */
export interface ChangefeedTargetConfig {
  readonly type: "changefeed";
  /** Absolute after loading; `-` for standard output. */
  readonly path: string;
}
