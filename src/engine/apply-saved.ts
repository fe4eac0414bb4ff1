import { TidemarkError } from "../model/errors.ts";
import type { ListingCertificate } from "../model/listing.ts";
import type { PlanHeader, PlanRecord, PlanSummary, Withheld } from "../model/plan.ts";
import type { RunReport } from "../model/report.ts";
import type { Spool } from "../ports/spool.ts";
import type { Prepared } from "./carry-out.ts";
import { judgeDeletions } from "./judge-deletions.ts";
import { tellIncomplete } from "./list-source.ts";
import { Moved } from "./moved.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { headMoved, movedSteps } from "./plan-basis.ts";
import { type Planning, runPlan } from "./run-plan.ts";

/** A plan that was saved, to be read as often as needed. */
export interface SavedPlan {
  readonly header: PlanHeader;
  /** All records, header first and summary last, in bounded pages. Throws `input_invalid` at the end where it is not what was saved. */
  records(): AsyncIterable<readonly PlanRecord[]>;
}

/**
 * Carries out a saved plan: exactly what it says, or nothing. The source is not listed again. Before the first write everything is
 * looked at that the plan was made on: the state, what the pipeline covers and how it maps, each table to be written, and whether what it
 * deletes is still gone. Where any of it moved, the plan is stale.
 */
export function applySaved(parts: Parts, { signal, allow_deletes, approve }: RunOptions, saved: SavedPlan): Promise<RunReport> {
  const { header } = saved;
  if (header.pipeline !== parts.pipeline)
    throw new TidemarkError("usage", `The plan was made for pipeline ${header.pipeline}, and this is pipeline ${parts.pipeline}.`, {
      remedy: `Apply it with --pipeline ${header.pipeline}, or leave --pipeline out.`,
    });
  const allowed = allow_deletes ?? header.allow_deletes;
  const options: RunOptions = {
    signal,
    ...(approve === undefined ? {} : { approve }),
    ...(allowed === undefined ? {} : { allow_deletes: allowed }),
    ...(header.accept_scope_change === true ? { accept_scope_change: true } : {}),
  };
  return runPlan(parts, options, (planning) => prepareSaved(planning, options, saved));
}

async function prepareSaved(planning: Planning, options: RunOptions, saved: SavedPlan): Promise<Prepared> {
  const { parts, run, reader, spool, problems } = planning;
  const moved = new Moved();
  headMoved(run, saved.header, moved);
  moved.throwIfAny();
  const copy = new Copy(spool);
  let deletions = 0;
  for await (const page of saved.records()) {
    const { batch_size } = parts.settings;
    for (let at = 0; at < page.length; at += batch_size) {
      options.signal.throwIfAborted();
      const checked = await movedSteps(parts, reader, page.slice(at, at + batch_size), moved, options);
      deletions += checked.deletions;
      for (const record of checked.records) if (record.record === "problem") problems.add(record.problem);
      await copy.take(checked.records);
    }
  }
  moved.throwIfAny();
  const { summary, listings } = await copy.end();
  for (const listing of listings) tellIncomplete(listing, problems);
  const refused = await judgeDeletions(parts, reader, problems, deletions, options);
  return { summary, listings, memory: new Map(), refused, full: false, partial: saved.header.select !== undefined };
}

/** The plan as it goes into the run's own spool. */
class Copy {
  readonly #spool: Spool;
  readonly #listings: ListingCertificate[] = [];
  /** Held fields of the asset whose step may follow. */
  #held: Withheld[] = [];
  #dropped = 0;
  #summary: PlanSummary | null = null;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  async take(records: readonly PlanRecord[]): Promise<void> {
    const kept: PlanRecord[] = [];
    for (const record of records) {
      if (record.record === "withheld" && record.withheld.path !== undefined) {
        this.#held.push(record.withheld);
        continue;
      }
      // The write of the rest tells its held fields itself: counted here too, they would count twice.
      if (record.record === "step") this.#dropHeldOf(record.step.change.asset_id);
      kept.push(...this.#heldRecords(), record);
      if (record.record === "listing") this.#listings.push(record.listing);
      if (record.record === "summary") this.#summary = record.summary;
    }
    await this.#spool.append(kept.filter((record) => record.record !== "summary"));
  }

  async end(): Promise<{ readonly summary: PlanSummary; readonly listings: readonly ListingCertificate[] }> {
    if (this.#summary === null)
      throw new TidemarkError("input_invalid", "The saved plan has no summary at its end: it is cut short.", {
        remedy: "Make it anew with `tidemark plan --out FILE` and look at it again.",
      });
    const summary = { ...this.#summary, withheld: this.#summary.withheld - this.#dropped };
    await this.#spool.append([...this.#heldRecords(), { record: "summary", summary }]);
    return { summary, listings: this.#listings };
  }

  #dropHeldOf(id: string): void {
    const others = this.#held.filter(({ asset_id }) => asset_id !== id);
    this.#dropped += this.#held.length - others.length;
    this.#held = others;
  }

  #heldRecords(): readonly PlanRecord[] {
    return this.#held.splice(0).map((withheld) => ({ record: "withheld", withheld }));
  }
}
