import type { AssetId } from "./asset.ts";

/** Something that went wrong with one asset, one scope or one file, told as a value: the run goes on. */
export interface Problem {
  readonly asset_id?: AssetId;
  readonly scope?: string;
  readonly code: ProblemCode;
  /** What was being done, to what, what came back, and the way out: a whole sentence. */
  readonly message: string;
}

/** How a code bears on the exit code. A warning changes nothing. */
export type Severity = "warning" | "asset" | "listing" | "target" | "guard" | "interrupted";

/** Every code that a {@link Problem} can carry. The generated error reference is made of this table. */
export const PROBLEMS = {
  name_shortened: {
    severity: "warning",
    cause: "A name is longer than the target allows.",
    remedy: "Nothing to do: the name is cut with a hash suffix and stands in full in the table's parameters.",
  },
  text_shortened: {
    severity: "warning",
    cause: "A description or comment is longer than the target allows.",
    remedy: "Nothing to do: the full text stands in the table's parameters.",
  },
  type_unknown: {
    severity: "warning",
    cause: "A column's type has no counterpart in the type map.",
    remedy: "The column is written as string, its own type kept in a parameter.",
  },
  duplicate_definition: {
    severity: "warning",
    cause: "A name is defined twice in a space, differently.",
    remedy: "Remove the stale definition. Of two in one file the later was taken, of two files that later in name order.",
  },
  text_kept: {
    severity: "warning",
    cause: "A description or comment was typed in the target, and the source's changed too.",
    remedy: "Nothing to do: the typed text stands, the source's is kept in a parameter. The policy of the field can say otherwise.",
  },
  table_left_behind: {
    severity: "warning",
    cause: "The naming rules changed, so that an asset's table is made anew at another place.",
    remedy: "Delete the table named by hand once nobody needs it.",
  },
  database_left: {
    severity: "warning",
    cause: "A database that became empty could not be deleted.",
    remedy: "See the target's own words; delete it by hand.",
  },
  left_unread: {
    severity: "warning",
    cause: "More assets were due to be read again than `read_policy.budget` allows.",
    remedy: "Run more often, or raise the budget.",
  },
  definition_forbidden: {
    severity: "warning",
    cause: "The technical user may not read the definitions of a space, and its exposed assets are known by their $metadata alone.",
    remedy: "Give the user a role that reads objects of the Data Builder: `$metadata` has fewer types, and no queries or associations.",
  },
  asset_withdrawn: {
    severity: "warning",
    cause: "An asset exists and is no longer exposed for consumption, and the pipeline covers only what is.",
    remedy: "It is kept as it stands. Expose it again, or take it out with `tidemark checkpoint forget` or `tidemark retire`.",
  },
  flows_unread: {
    severity: "warning",
    cause: "Flows of a space could not be listed or read, so that what fills its tables is not wholly known.",
    remedy: "See the message. What was known of it stays; the tables themselves are synced.",
  },
  event_unsent: {
    severity: "warning",
    cause: "An OpenLineage event could not be written or sent.",
    remedy: "Mend what the message names. The run itself is not touched by it, and nobody sends the event again.",
  },
  flows_ignored: {
    severity: "warning",
    cause: "An exported file holds flows or task chains and no asset.",
    remedy: "Nothing to do: it was passed over. What fills a table is told by a live tenant alone.",
  },
  folder_ignored: { severity: "warning", cause: "A folder lies deeper than a space's folder.", remedy: "Move its files up or away." },
  scheme_changed: {
    severity: "warning",
    cause: "The hash options or their version changed.",
    remedy: "Nothing to do: the stored snapshots were re-hashed.",
  },
  mass_change: {
    severity: "warning",
    cause: "At least `full_sync_threshold` of all assets changed.",
    remedy: "Check that this is meant; a full sync would cost about the same.",
  },
  backup_failed: {
    severity: "warning",
    cause: "A backup of the state could not be written.",
    remedy: "Make room or mend the folder's permissions; the next run tries again. The run itself went on.",
  },
  copy_failed: {
    severity: "warning",
    cause: "The state could not be copied anew behind a commit, which stands. Its journal grows with every run until it can.",
    remedy: "Make room for a copy as large as the state, or see the message; the next run tries again.",
  },
  state_unsound: {
    severity: "warning",
    cause: "Reading the whole state found damage in it, or in the copy and the journal that it falls back to.",
    remedy: "Run `tidemark checkpoint verify`, then `tidemark checkpoint repair`.",
  },
  asset_unreadable: {
    severity: "asset",
    cause: "One asset could not be read or understood.",
    remedy: "Mend the definition named; the others were synced.",
  },
  asset_forbidden: {
    severity: "asset",
    cause: "The source refuses its reader one asset.",
    remedy: "Give the reader the right to it. Its table is kept as it stands; the others were synced.",
  },
  asset_too_deep: {
    severity: "asset",
    cause: "A definition is nested deeper than 64 levels.",
    remedy: "Mend the definition; the others were synced.",
  },
  value_unrepresentable: { severity: "asset", cause: "A value is none that JSON can say.", remedy: "Mend the value at the path named." },
  name_collision: { severity: "asset", cause: "Two assets get the same name in the target.", remedy: "Rename one of them in the source." },
  column_collision: {
    severity: "asset",
    cause: "Two columns get the same name in the target.",
    remedy: "Rename one of the columns in the source.",
  },
  limit_exceeded: {
    severity: "asset",
    cause: "The asset does not fit the target's limits.",
    remedy: "See the message for the field and its limit.",
  },
  target_foreign: {
    severity: "asset",
    cause: "A table of that name exists and is not this pipeline's.",
    remedy: "Rename one, or take it over with `tidemark adopt`.",
  },
  field_conflict: {
    severity: "asset",
    cause: "Source and target both changed a field whose policy is `hold`.",
    remedy: "Decide on one side; the next run settles it.",
  },
  write_failed: {
    severity: "asset",
    cause: "The target refused a write.",
    remedy: "See the target's own words; the asset is tried again in the next run.",
  },
  outcome_unknown: {
    severity: "asset",
    cause: "The target did not say whether a write took effect, and reading it back did not tell.",
    remedy: "Run again: the asset is read back first.",
  },
  deletion_unconfirmed: {
    severity: "asset",
    cause: "A vanished asset could not be confirmed as gone.",
    remedy: "It is kept; check that its space is readable.",
  },
  listing_incomplete: {
    severity: "listing",
    cause: "A scope could not be listed completely.",
    remedy: "Mend what the message names. Nothing of that scope was deleted.",
  },
  state_recovered: {
    severity: "warning",
    cause: "The state was rebuilt, restored or fell back, and its first run deletes nothing.",
    remedy: "Run again.",
  },
  changed_since: {
    severity: "asset",
    cause: "An asset that a revert names was changed again by a later run.",
    remedy: "Revert it by itself: `tidemark revert --asset ID --to GENERATION`.",
  },
  scope_changed: {
    severity: "asset",
    cause: "The pipeline's scope is not that of its state.",
    remedy: "Look at the plan, then pass `--accept-scope-change`.",
  },
  guard_refused: {
    severity: "guard",
    cause: "The plan deletes more than the limit allows.",
    remedy: "Look at the plan; if it is meant, pass `--allow-deletes` with its exact number.",
  },
  interrupted: {
    severity: "interrupted",
    cause: "The run was interrupted before all was done.",
    remedy: "Run again: it goes on where this one stopped.",
  },
  target_unavailable: {
    severity: "target",
    cause: "The target does not answer.",
    remedy: "Check endpoint, network and credentials, then run again.",
  },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** How a code bears on the exit code. */
export function severityOf(code: ProblemCode): Severity {
  return PROBLEMS[code].severity;
}

/** Every code that ends a run or a command, with the exit code of the command line. The message says which way out holds where there are several. */
export const FAILURES = {
  usage: { exit: 1, cause: "The command line is not understood.", remedy: "See the command's `--help`." },
  config_invalid: {
    exit: 1,
    cause: "The configuration does not hold what it must.",
    remedy: "Mend the file, line and key that the message names; `tidemark config validate` checks all of it.",
  },
  config_missing: {
    exit: 1,
    cause: "There is no configuration file.",
    remedy: "Write one with `tidemark init`, or name a file with `--config`.",
  },
  source_unavailable: {
    exit: 1,
    cause: "The source cannot be reached at all.",
    remedy: "Check the source's address, credentials and network with `tidemark doctor`, then run again.",
  },
  internal: { exit: 1, cause: "A defect in Tidemark.", remedy: "Run again with `-v` to see where it happened, and report it." },
  input_invalid: {
    exit: 1,
    cause: "An input file or line is not what it should be.",
    remedy: "Mend the line or file that the message names.",
  },
  plan_stale: {
    exit: 1,
    cause: "A saved plan no longer fits the state or the target.",
    remedy: "Make the plan anew with `tidemark plan --out FILE` and look at it again.",
  },
  listing_stale: {
    exit: 1,
    cause: "No complete listing is as young as `status --check --max-age` asks for.",
    remedy: "See with `tidemark runs list` when the pipeline last ran and how that ended, and whether its schedule is still alive.",
  },
  guard_refused: {
    exit: 4,
    cause: "The plan deletes more than the limit allows.",
    remedy: "Look at the deletions with `tidemark plan`; if they are meant, pass `--allow-deletes` with their exact number.",
  },
  lease_held: {
    exit: 5,
    cause: "Another run holds the pipeline's lease.",
    remedy: "Wait for the run that the message names. A lease ends with its process.",
  },
  lease_lost: {
    exit: 5,
    cause: "Another run took the pipeline's lease over.",
    remedy: "Nothing more was written. Find out which other run was started, then run again.",
  },
  state_damaged: {
    exit: 6,
    cause: "The state cannot be trusted.",
    remedy:
      "Run `tidemark sync`, which falls back to the copy beside the state; else `tidemark checkpoint repair` or `rebuild --set-aside`.",
  },
  state_lost: {
    exit: 6,
    cause: "The target bears this pipeline's marks, and there is no state.",
    remedy: "Restore the state's folder, or recover it with `tidemark checkpoint rebuild`.",
  },
  state_newer: { exit: 6, cause: "The state was written by a newer Tidemark.", remedy: "Use the newer Tidemark that wrote it." },
  state_unwritable: {
    exit: 7,
    cause: "The state cannot be written.",
    remedy: "Make room, or mend the rights of the folder that the message names; then run again.",
  },
  target_unavailable: {
    exit: 9,
    cause: "The target cannot be reached.",
    remedy: "Check endpoint, network and credentials with `tidemark doctor`, then run again.",
  },
  interrupted: { exit: 130, cause: "The run was interrupted.", remedy: "Run again: it goes on where this one stopped." },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** Ends a run or a command. `message` says what was being done and what came back, `remedy` the way out: its code's, where it has none of its own. */
export class TidemarkError extends Error {
  readonly code: FailureCode;
  readonly remedy: string;

  constructor(code: FailureCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TidemarkError";
    this.code = code;
    this.remedy = options.remedy ?? FAILURES[code].remedy;
  }
}

/** A value that JSON cannot say, or an asset that a limit refuses: becomes a {@link Problem} of that asset, never the end of a run. */
export class AssetError extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AssetError";
    this.code = code;
  }
}
