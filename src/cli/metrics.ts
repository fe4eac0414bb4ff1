import type { Status } from "./commands/status.ts";

/** A figure that monitoring reads, and where it comes from. Undefined where it is not known. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly of: (status: Status) => number | null | undefined;
}

/** Every metric that `--metrics-file` writes; the page of the reference is made of these. Each is a gauge with the label `pipeline`. */
export const METRICS: readonly Metric[] = [
  { name: "tidemark_checkpoints", help: "Assets that the state has a checkpoint of.", of: ({ state }) => state?.checkpoints ?? 0 },
  { name: "tidemark_state_generation", help: "Generation of the state.", of: ({ state }) => state?.generation },
  {
    name: "tidemark_state_clean",
    help: "1 where the last run ended well, 0 where one broke off or is under way.",
    of: ({ state }) => flag(state?.clean),
  },
  { name: "tidemark_open_intents", help: "Writes whose outcome is not known yet.", of: ({ state }) => state?.open_intents },
  {
    name: "tidemark_incomplete_listings",
    help: "Scopes whose last listing was not complete.",
    of: ({ state }) => state?.listings.filter(({ complete }) => !complete).length,
  },
  {
    name: "tidemark_last_run_success",
    help: "1 where the last run succeeded, 0 where it did so in part or not at all.",
    of: ({ last_run }) => flag(last_run === null ? undefined : last_run.status === "succeeded"),
  },
  { name: "tidemark_last_run_timestamp_seconds", help: "When the last run began.", of: ({ last_run }) => seconds(last_run?.started_at) },
  {
    name: "tidemark_last_run_duration_seconds",
    help: "How long the last run took.",
    of: ({ last_run }) => perThousand(last_run?.duration_ms),
  },
  { name: "tidemark_last_run_failed_assets", help: "Assets that failed in the last run.", of: ({ last_run }) => last_run?.summary.failed },
  { name: "tidemark_last_run_problems", help: "Problems and warnings of the last run.", of: ({ last_run }) => last_run?.problems.length },
  {
    name: "tidemark_last_run_source_requests",
    help: "Requests to the source in the last run.",
    of: ({ last_run }) => last_run?.requests.source,
  },
  {
    name: "tidemark_last_run_target_requests",
    help: "Requests to the target in the last run.",
    of: ({ last_run }) => last_run?.requests.target,
  },
  {
    name: "tidemark_last_run_bytes_saved_ratio",
    help: "Share of the bytes of a full sync that the last run spared, 0 to 1.",
    of: ({ last_run }) => (last_run?.saved == null ? undefined : last_run.saved.bytes_percent / 100),
  },
  { name: "tidemark_state_bytes", help: "What the state takes on the disk.", of: ({ health }) => health?.storage?.total },
  { name: "tidemark_state_bytes_per_asset", help: "The same for each checkpoint.", of: ({ health }) => health?.storage?.bytes_per_asset },
  {
    name: "tidemark_state_growth_bytes",
    help: "How much the state grew since the last clean-up.",
    of: ({ health }) => health?.storage?.growth_bytes,
  },
  { name: "tidemark_backups", help: "Backups there are.", of: ({ health }) => health?.backups.count },
  { name: "tidemark_backups_damaged", help: "Files among them that cannot be read.", of: ({ health }) => health?.backups.damaged },
  { name: "tidemark_backup_bytes", help: "What the backups take on the disk.", of: ({ health }) => health?.backups.bytes },
  {
    name: "tidemark_backup_timestamp_seconds",
    help: "When the newest backup was made.",
    of: ({ health }) => seconds(health?.backups.newest?.made_at),
  },
  {
    name: "tidemark_backup_generations_behind",
    help: "Generations that the state went on since the newest backup.",
    of: ({ health }) => health?.backups.newest?.generations_behind,
  },
  {
    name: "tidemark_validation_timestamp_seconds",
    help: "When a run last read the whole state.",
    of: ({ health }) => seconds(health?.validation?.at),
  },
  { name: "tidemark_validation_problems", help: "Problems that it found.", of: ({ health }) => health?.validation?.problems },
];

function flag(is: boolean | undefined): number | undefined {
  return is === undefined ? undefined : Number(is);
}

function seconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1_000;
}

function perThousand(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 1_000;
}
