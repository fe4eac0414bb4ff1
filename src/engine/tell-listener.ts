import type { RunReport } from "../model/report.ts";
import type { Parts } from "./parts.ts";

/** Does a run and tells the pipeline's listener of its beginning and its end, once the lease is free. What that cannot do is a warning of the run. */
export async function tellListener(
  { listener, store, log }: Pick<Parts, "listener" | "store" | "log">,
  run_id: string,
  run: () => Promise<RunReport>,
): Promise<RunReport> {
  if (listener === undefined) return await run();
  const atFirst = await listener.begun(run_id);
  let report: RunReport;
  try {
    report = await run();
  } catch (error) {
    for (const { message } of [...atFirst, ...(await listener.ended(run_id, { error }))]) log.event({ kind: "problem", message });
    throw error;
  }
  const problems = [...atFirst, ...(await listener.ended(run_id, { report, openState: () => store.reader() }))];
  for (const { message } of problems) log.event({ kind: "problem", message });
  return problems.length === 0 ? report : { ...report, problems: [...report.problems, ...problems] };
}
