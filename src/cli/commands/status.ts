import type { Command } from "commander";
import type { Pipeline } from "../../config/pipeline.ts";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Health } from "../../engine/health.ts";
import type { CheckpointReader } from "../../engine/surface.ts";
import type { StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { ListingCertificate } from "../../model/listing.ts";
import type { RunReport } from "../../model/report.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, timeSpan } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";
import { duration, safe } from "../views/human/text.ts";

/** How many scopes a refusal names. */
const SCOPES_NAMED = 10;

/** The last listing of a scope, and how old the last complete one is: null where none ever was. */
export interface AgedListing extends ListingCertificate {
  readonly age_seconds: number | null;
}

interface StatusOptions {
  readonly check?: true;
  /** Milliseconds. */
  readonly maxAge?: number;
  readonly metricsFile?: string;
}

/** What is known of a pipeline's state without asking source or target. */
export interface Status {
  readonly pipeline: string;
  /** Null before the first sync. */
  readonly state:
    | (Pick<StateHead, "lineage" | "generation" | "clean" | "source_system"> & {
        readonly listings: readonly AgedListing[];
        readonly checkpoints: number;
        readonly open_intents: number;
      })
    | null;
  readonly last_run: RunReport | null;
  /** How safe the state is, and how much room it takes. */
  readonly health: Health | null;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Shows what the state of a pipeline holds, when each scope was last listed completely, and how the last run ended. Asks neither source nor target.",
    )
    .option("--check", "exit with 1 where a scope was not listed completely within --max-age; for monitors")
    .option("--max-age <time>", "how old the last complete listing may be, such as 90m, 2h or 1d", timeSpan)
    .option("--metrics-file <file>", "write the figures to this file too, in Prometheus text format")
    .action(act<StatusOptions>(showStatus));
  addExamples(command, [
    ["tidemark status", "the only pipeline in ./tidemark.yaml"],
    ["tidemark status --check --max-age 2h", "for a monitor: a sync that stopped in silence"],
    ["tidemark status --json | jq .state.generation", "for programs"],
  ]);
}

async function showStatus(context: Context, { check, maxAge, metricsFile }: StatusOptions): Promise<ExitCode> {
  if ((check === true) !== (maxAge !== undefined))
    throw new TidemarkError("usage", "--check and --max-age go together.", {
      remedy: "For example: `tidemark status --check --max-age 2h`.",
    });
  const status = await readStatus(context);
  if (metricsFile !== undefined) await (await import("../metrics-file.ts")).writeMetrics(context, metricsFile, status);
  if (maxAge !== undefined) refuseStale(status, maxAge);
  if (context.global.json === true) {
    const [{ resultJson }, { runReportJson }] = await Promise.all([
      import("../views/json/envelope.ts"),
      import("../views/json/run-report.ts"),
    ]);
    await context.out.write(resultJson({ ...status, last_run: status.last_run === null ? null : runReportJson(status.last_run) }));
  } else {
    const { statusText } = await import("../views/human/status.ts");
    await context.out.write(statusText(status, context.out));
  }
  return 0;
}

/** Reads what {@link Status} holds. */
export async function readStatus(context: Context): Promise<Status> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const head = await reader.head();
  if (head === null) return { pipeline: pipeline.name, state: null, last_run: null, health: null };
  const { lineage, generation, clean, source_system } = head;
  const listings = await withAges(head.listings);
  const [checkpoints, intents, [last]] = [await reader.count(), await reader.intents(), await reader.runs(1)];
  return {
    pipeline: pipeline.name,
    state: { lineage, generation, clean, source_system, checkpoints, open_intents: intents.length, listings },
    last_run: last ?? null,
    health: await healthOf(pipeline, reader),
  };
}

async function withAges(listings: readonly ListingCertificate[]): Promise<readonly AgedListing[]> {
  const { systemClock } = await import("../../config/system.ts");
  const now = systemClock.now();
  return listings.map((listing) => {
    const { complete_at } = listing;
    const age_seconds = complete_at === undefined ? null : Math.max(0, Math.round((now - Date.parse(complete_at)) / 1_000));
    return { ...listing, age_seconds };
  });
}

/** A sync that no longer runs says nothing: so whoever watches asks for the age of what it last saw completely. */
function refuseStale({ pipeline, state }: Status, maxAge: number): void {
  const listings = state?.listings ?? [];
  const stale = listings.filter(({ age_seconds }) => age_seconds === null || age_seconds * 1_000 > maxAge);
  if (listings.length > 0 && stale.length === 0) return;
  const told = stale
    .slice(0, SCOPES_NAMED)
    .map(({ scope, age_seconds }) => `${safe(scope)} (${age_seconds === null ? "never" : `${duration(age_seconds * 1_000)} ago`})`);
  const rest = stale.length > told.length ? ` and ${stale.length - told.length} more` : "";
  const message =
    listings.length === 0
      ? `No run of pipeline ${pipeline} has listed anything yet.`
      : `Pipeline ${pipeline} was not listed completely within ${duration(maxAge)}: ${told.join(", ")}${rest}.`;
  throw new TidemarkError("listing_stale", message, {
    remedy: "See with `tidemark runs list` when it last ran and how that ended, and whether its schedule is still alive.",
  });
}

async function healthOf(pipeline: Pipeline, reader: CheckpointReader): Promise<Health> {
  const [{ openStore, openUpkeep }, { systemClock }, { readHealth }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../config/system.ts"),
    import("../../engine/health.ts"),
  ]);
  return await readHealth({ store: await openStore(pipeline), ...(await openUpkeep(pipeline)) }, reader, systemClock.now());
}
