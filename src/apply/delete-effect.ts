import type { DeleteRequest, Observed, WriteResult } from "../ports/target.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { type Applied, done, type Effect } from "./effect.ts";
import { settleWrite, type Settlement } from "./settle-write.ts";

/** What the target is asked for the effect of a deletion. */
export function deleteRequest(
  parts: Pick<ApplyParts, "mark" | "generation">,
  { context: { step, checkpoint }, intent }: Effect,
): DeleteRequest {
  return {
    mark: parts.mark,
    asset_id: step.change.asset_id,
    ref: intent.ref,
    base: checkpoint?.target ?? null,
    generation: checkpoint?.tombstone?.generation ?? parts.generation,
  };
}

/** Carries out one phase of a deletion. `answer`: what the target said to it already, where it was made together with others. */
export async function deleteEffect(parts: ApplyParts, effect: Effect, answer: WriteResult | undefined): Promise<Settlement> {
  const { context, intent } = effect;
  const { target } = parts;
  const call = { signal: parts.settleSignal };
  const request = deleteRequest(parts, effect);
  const settle = { ...parts, ref: intent.ref, backoff: parts.retry, signal: parts.signal };
  if (context.phase === "remove") {
    let first = answer;
    const remove = (): Promise<WriteResult> => {
      const answered = first;
      first = undefined;
      return answered === undefined ? target.remove(request, call) : Promise.resolve(answered);
    };
    return settleWrite(settle, remove, (observed) => (observed.state === "absent" ? done(null) : null));
  }
  // A mark set in an earlier run stands: this run only confirmed the absence once more.
  if (context.checkpoint?.tombstone != null) return { settled: done(context.checkpoint.target), late: false };
  return settleWrite(
    settle,
    () => target.mark(request, call),
    (observed) => arrivedMark(observed, request, target.mapping),
  );
}

function arrivedMark(observed: Observed, request: DeleteRequest, mapping: string): Applied | null {
  if (observed.state === "absent") return done(null);
  if (observed.state !== "present" || observed.mark?.tombstone !== request.generation || observed.mark.asset_id !== request.asset_id)
    return null;
  const { ref, revision, document, fingerprint } = observed;
  return done({ ref, revision, document, fingerprint, mapping });
}
