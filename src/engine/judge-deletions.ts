import { judge } from "../plan/guard.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Has the guard judge a whole plan's deletions. Answers true, with the verdict among the problems, where it refuses. */
export async function judgeDeletions(
  { settings }: Parts,
  reader: CheckpointReader,
  problems: ProblemLog,
  deletions: number,
  options: RunOptions,
): Promise<boolean> {
  const { floor, share } = settings.deletion;
  const verdict = judge({ deletions, owned: await reader.count(), limits: { floor, share, allow: options.allow_deletes ?? null } });
  if (!verdict.ok) problems.add({ code: "guard_refused", message: verdict.message });
  return !verdict.ok;
}
