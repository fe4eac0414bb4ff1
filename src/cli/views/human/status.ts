import type { Health } from "../../../engine/health.ts";
import type { AgedListing, Status } from "../../commands/status.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { bytes, counted, duration, type Look, number, safe, table } from "./text.ts";

/** How many scopes are shown before the rest is counted. */
const SHOWN = 20;

/** The state of a pipeline for people. */
export function statusText({ pipeline, state, last_run, health }: Status, look: Look): string {
  if (state === null) return `Pipeline ${look.paint("bold", pipeline)} has no state yet: the first \`tidemark sync\` makes it.\n`;
  const gaps = state.listings.filter((listing) => !listing.complete);
  const rows = [
    ["checkpoints", number(state.checkpoints)],
    ["state", `generation ${state.generation} of lineage ${state.lineage}`],
    ["last run", last_run === null ? "none reported" : `${last_run.run_id}, ${last_run.status}, ${duration(last_run.duration_ms)}`],
    [
      "listings",
      gaps.length === 0
        ? `${counted(state.listings.length, "scope")}, all complete`
        : `${number(gaps.length)} of ${number(state.listings.length)} incomplete`,
    ],
    ...(health === null ? [] : [["backup", backupText(health)]]),
  ];
  const notes = [
    ...(state.clean ? [] : ["The last run did not end well, or one is under way: the next begins by settling what it left open."]),
    ...(state.open_intents === 0
      ? []
      : [`${counted(state.open_intents, "write")} without a known outcome; the next run reads the target back.`]),
    ...gaps.map(({ scope, problem }) => `${scope}: ${problem ?? "not listed completely"}`),
  ];
  const lines = [
    `Pipeline ${look.paint("bold", pipeline)}`,
    table(rows, "  "),
    ...scopeLines(state.listings, look),
    ...notes.map((note) => `  ${look.paint("yellow", "!")} ${safe(note)}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Each scope with the age of its last complete listing, the oldest first. */
function scopeLines(listings: readonly AgedListing[], { paint }: Look): readonly string[] {
  if (listings.length === 0) return [];
  const oldestFirst = listings.toSorted(
    (a, b) => (b.age_seconds ?? Infinity) - (a.age_seconds ?? Infinity) || compareCodePoints(a.scope, b.scope),
  );
  const rows = oldestFirst
    .slice(0, SHOWN)
    .map(({ scope, count, complete, age_seconds }) => [
      safe(scope),
      complete ? counted(count, "asset") : "incomplete",
      age_seconds === null ? "never" : `${duration(age_seconds * 1_000)} ago`,
    ]);
  const rest = listings.length - SHOWN;
  return [
    "",
    table([["SCOPE", "LAST LISTING", "LAST COMPLETE"], ...rows], "  "),
    ...(rest > 0 ? [paint("dim", `  … ${number(rest)} more, all younger: --json shows them`)] : []),
    "",
  ];
}

function backupText({ backups, storage }: Health): string {
  const { newest, enabled } = backups;
  const room = storage === null ? "" : `; the state takes ${bytes(storage.total)}`;
  if (newest === null) return `${enabled ? "none yet" : "none: they are switched off"}${room}`;
  const { generation, age_seconds, generations_behind } = newest;
  const age = age_seconds === null ? `made ${newest.made_at}` : `${duration(age_seconds * 1_000)} ago`;
  const behind = generations_behind === null ? "of another lineage" : `${counted(generations_behind, "generation")} behind`;
  return `generation ${generation}, ${age}, ${behind}; ${counted(backups.count, "backup")} in all${room}`;
}
