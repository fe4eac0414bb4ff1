import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { SourceConfig, TargetConfig, WrittenConfig, WrittenPipeline, WrittenSections } from "./written-config.ts";
import { DEFAULTS, type Sections } from "./sections.ts";

/** One pipeline with all that holds for it. */
export interface Pipeline extends Sections {
  readonly name: string;
  readonly source: SourceConfig;
  readonly target: TargetConfig;
}

/** Fills in, key by key: what the pipeline says, else what the file says, else the default. Paths become absolute. */
export function resolvePipeline(file: WrittenConfig, written: WrittenPipeline, folder: string): Pipeline {
  const sections = mergeSections(file, written);
  const { checkpoint_management, openlineage } = sections;
  return {
    name: written.name,
    source: resolveSource(written.source, folder),
    target: resolveTarget(written.target, folder),
    ...sections,
    checkpoint_management: { ...checkpoint_management, path: resolve(folder, checkpoint_management.path) },
    openlineage: { ...openlineage, file: openlineage.file === null ? null : resolve(folder, openlineage.file) },
  };
}

function resolveSource(source: SourceConfig, folder: string): SourceConfig {
  switch (source.type) {
    case "csn":
      return { ...source, path: resolve(folder, source.path) };
    case "datasphere":
      return source.auth.secrets_file === undefined
        ? source
        : { ...source, auth: { ...source.auth, secrets_file: secretsFile(source.auth.secrets_file, folder) } };
    case "glue":
      return source;
  }
}

// SAP's command line keeps its own in the home folder.
function secretsFile(path: string, folder: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

function resolveTarget(target: TargetConfig, folder: string): TargetConfig {
  if (target.type === "glue" || (target.type === "changefeed" && target.path === "-")) return target;
  return { ...target, path: resolve(folder, target.path) };
}

function mergeSections(file: WrittenSections, pipeline: WrittenSections): Sections {
  return {
    change_detection: { ...DEFAULTS.change_detection, ...file.change_detection, ...pipeline.change_detection },
    sync_strategies: { ...DEFAULTS.sync_strategies, ...file.sync_strategies, ...pipeline.sync_strategies },
    checkpoint_management: { ...DEFAULTS.checkpoint_management, ...file.checkpoint_management, ...pipeline.checkpoint_management },
    retry: { ...DEFAULTS.retry, ...file.retry, ...pipeline.retry },
    deletion: { ...DEFAULTS.deletion, ...file.deletion, ...pipeline.deletion },
    conflicts: { ...DEFAULTS.conflicts, ...file.conflicts, ...pipeline.conflicts },
    renames: pipeline.renames ?? file.renames ?? DEFAULTS.renames,
    openlineage: { ...DEFAULTS.openlineage, ...file.openlineage, ...pipeline.openlineage },
    owners: { ...file.owners, ...pipeline.owners },
    stewards: { ...file.stewards, ...pipeline.stewards },
    tags: { ...file.tags, ...pipeline.tags },
  };
}
