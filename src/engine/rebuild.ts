import type { StateHead } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import { adoptTables } from "./adopt-tables.ts";
import { copyProblem } from "./copy-problem.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { scopeOf } from "./run-context.ts";

/** What a rebuild came to. */
export interface RebuildReport {
  readonly pipeline: string;
  readonly lineage: string;
  readonly checkpoints: number;
  /** Where the state that it replaces was moved to; null where there was none. */
  readonly set_aside: string | null;
}

export interface RebuildOptions extends Pick<RunOptions, "signal"> {
  /** The lineage to adopt, where the target bears marks of several. */
  readonly lineage?: string;
  /** Which state may be moved out of the way: one that cannot be trusted, or any. Left out, none. */
  readonly set_aside?: "damaged" | "any";
}

/**
 * Recovers a lost state from the owner marks in the target. Adopts the lineage that they bear; several lineages are a question that
 * `lineage` answers. The next sync finds the source equal to what was recovered and writes nothing.
 *
 * A state that is there is never replaced unasked, and moved, not deleted; and only once the target has shown what to rebuild from.
 */
export async function rebuild(parts: Parts, options: RebuildOptions): Promise<RebuildReport> {
  const { pipeline, source, settings, store } = parts;
  const inTheWay = await stateInTheWay(parts, options);
  const lineage = await lineageToAdopt(parts, options);
  const set_aside = inTheWay ? ((await store.setAside?.()) ?? null) : null;
  const onFailure = (error: TidemarkError): void => parts.log.event({ kind: "problem", message: copyProblem(error).message });
  await using lease = await store.acquire({ signal: options.signal, onFailure });
  if ((await lease.head()) !== null) throw hasState(pipeline);
  const head: Omit<StateHead, "format" | "generation"> = {
    lineage,
    pipeline,
    source_system: source.system,
    scheme: settings.scheme,
    scope: scopeOf(parts),
    clean: false,
    recovered: true,
    listings: [],
  };
  await lease.begin(head);
  let checkpoints = 0;
  for await (const adopted of adoptTables(parts, lease, lineage, options)) {
    await lease.record(adopted);
    checkpoints += adopted.length;
    parts.log.event({ kind: "progress", phase: "recover", done: checkpoints });
  }
  await lease.commit({ head: { ...head, clean: true }, memory: new Map(), report: null });
  return { pipeline, lineage, checkpoints, set_aside };
}

/** Whether there is a state that has to be moved; throws where it may not be. */
async function stateInTheWay({ pipeline, store }: Parts, { set_aside }: RebuildOptions): Promise<boolean> {
  try {
    await using reader = await store.reader();
    if ((await reader.head()) === null) return false;
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    // Of a lost state only what was kept beside it is in the way.
    if (error.code === "state_lost" || (error.code === "state_damaged" && set_aside !== undefined)) return true;
    throw error;
  }
  if (set_aside === "any") return true;
  throw hasState(pipeline);
}

function hasState(pipeline: string): TidemarkError {
  return new TidemarkError("usage", `Pipeline ${pipeline} has a state, which a rebuild would replace.`, {
    remedy: "Check it with `tidemark checkpoint verify`. If it is not to be kept, --set-aside moves it out of the way.",
  });
}

/** The lineage whose marks the target bears. Where it bears none, `begin` makes one, or there is nothing to adopt. */
export async function lineageToAdopt(
  { pipeline, target }: Parts,
  options: Pick<RebuildOptions, "lineage" | "signal">,
  begin?: () => string,
): Promise<string> {
  if (!target.supports.observe) {
    if (begin !== undefined) return begin();
    throw new TidemarkError("usage", `The target of pipeline ${pipeline} cannot be read back: there is nothing to rebuild from.`, {
      remedy: "Restore a backup with `tidemark checkpoint restore`.",
    });
  }
  const lineages = new Set<string>();
  for await (const page of target.scan(pipeline, options)) {
    for (const { mark } of page) if (mark !== null) lineages.add(mark.lineage);
  }
  const { lineage } = options;
  if (lineage !== undefined && lineages.has(lineage)) return lineage;
  const [only, ...others] = lineages;
  if (only === undefined) {
    if (begin !== undefined && lineage === undefined) return begin();
    throw new TidemarkError("usage", `No table in the target bears the marks of pipeline ${pipeline}: there is nothing to rebuild from.`, {
      remedy: "Run `tidemark sync` for a first sync.",
    });
  }
  const found = [only, ...others].join(", ");
  if (lineage !== undefined) {
    throw new TidemarkError("usage", `No table in the target bears lineage ${lineage} of pipeline ${pipeline}.`, {
      remedy: `Lineages found: ${found}.`,
    });
  }
  if (others.length === 0) return only;
  throw new TidemarkError("state_lost", `The target bears marks of several lineages of pipeline ${pipeline}: ${found}.`, {
    remedy: "Name the one to rebuild with --lineage.",
  });
}
