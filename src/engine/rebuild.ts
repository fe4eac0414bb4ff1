import { TidemarkError } from "../model/errors.ts";
import type { StateHead } from "../model/checkpoint.ts";
import { adoptTables } from "./adopt-tables.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { scopeOf } from "./run-context.ts";

/** What a rebuild came to. */
export interface RebuildReport {
  readonly pipeline: string;
  readonly lineage: string;
  readonly checkpoints: number;
}

/**
 * Recovers a lost state from the owner marks in the target. Adopts the lineage that they bear; several lineages are a question that
 * `lineage` answers. The next sync finds the source equal to what was recovered and writes nothing.
 */
export async function rebuild(parts: Parts, options: RunOptions & { readonly lineage?: string }): Promise<RebuildReport> {
  const { pipeline, source, target, settings } = parts;
  await using lease = await parts.store.acquire();
  if ((await lease.head()) !== null) {
    throw new TidemarkError("usage", `Pipeline ${pipeline} has a state, which a rebuild would replace.`, {
      remedy: "Look at it with `tidemark checkpoint list`. If it is not to be kept, move its folder away first.",
    });
  }
  const lineage = options.lineage ?? (await onlyLineage());
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
  return { pipeline, lineage, checkpoints };

  async function onlyLineage(): Promise<string> {
    const lineages = new Set<string>();
    for await (const page of target.scan(pipeline, options)) for (const table of page) if (table.mark !== null) lineages.add(table.mark.lineage);
    const [only, ...others] = [...lineages];
    if (only === undefined) throw new TidemarkError("usage", `No table in the target bears the marks of pipeline ${pipeline}: there is nothing to rebuild from.`, { remedy: "Run `tidemark sync` for a first sync." });
    if (others.length > 0) {
      throw new TidemarkError("state_lost", `The target bears marks of several lineages of pipeline ${pipeline}: ${[only, ...others].join(", ")}.`, { remedy: "Name the one to rebuild with --lineage." });
    }
    return only;
  }
}
