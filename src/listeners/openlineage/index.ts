import type { Problem } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RunEnd, RunListener } from "../../ports/run-listener.ts";
import { datasetsOfRun, type Naming } from "./datasets.ts";
import { type DatasetName, type Ends, EventBuilder, type EventType, type Facets, NO_DATASETS } from "./event.ts";
import type { Send } from "./send.ts";

export type { Naming } from "./datasets.ts";
export type { DatasetName } from "./event.ts";
export { toFile, toUrl } from "./send.ts";

export interface OpenLineageOptions {
  readonly job: DatasetName;
  readonly naming: Naming;
  readonly sends: readonly Send[];
  readonly clock: Pick<Clock, "now">;
  readonly version: string;
}

/** Tells lineage backends of runs: that one begins, what it wrote, and how it ended. */
export function openLineageListener({ job, naming, sends, clock, version }: OpenLineageOptions): RunListener {
  const build = new EventBuilder(job, version);
  return {
    async begun(runId) {
      const event = build.event("START", { runId, time: clock.now() }, NO_DATASETS);
      return (await Promise.all(sends.map((send) => new Delivery(send).give(event)))).flat();
    },
    async ended(runId, end) {
      const deliveries = sends.map((send) => new Delivery(send));
      const give = async (type: EventType, datasets: Ends, facets: Facets = {}): Promise<void> => {
        const event = build.event(type, { runId, time: clock.now(), facets }, datasets);
        await Promise.all(deliveries.map((delivery) => delivery.give(event)));
      };
      // The last page goes with the end: some backends look at nothing else.
      let page = NO_DATASETS;
      const problems: Problem[] = [];
      try {
        for await (const next of pagesOf(runId, end, naming, build)) {
          if (page !== NO_DATASETS) await give("RUNNING", page);
          page = next;
        }
      } catch (error) {
        problems.push({
          code: "event_unsent",
          message: `What the run wrote could not be told as OpenLineage: ${(error as Error).message}`,
        });
      }
      const { type, message } = outcomeOf(end);
      await give(type, page, message === null ? {} : build.error(message));
      return [...problems, ...deliveries.flatMap((delivery) => delivery.problems)];
    },
  };
}

async function* pagesOf(run_id: string, end: RunEnd, naming: Naming, build: EventBuilder): AsyncGenerator<Ends> {
  if ("error" in end || end.report.status === "refused") return;
  await using state = await end.openState();
  yield* datasetsOfRun(run_id, state, naming, build);
}

function outcomeOf(end: RunEnd): { readonly type: EventType; readonly message: string | null } {
  if ("error" in end) return { type: "FAIL", message: end.error instanceof Error ? end.error.message : String(end.error) };
  return { type: typeOf(end.report), message: messageOf(end.report) };
}

function typeOf({ status, problems }: RunReport): EventType {
  switch (status) {
    case "succeeded":
    case "partial":
      return "COMPLETE";
    case "refused":
      return "ABORT";
    case "failed":
      return problems.some(({ code }) => code === "interrupted") ? "ABORT" : "FAIL";
  }
}

function messageOf({ status, problems }: RunReport): string | null {
  if (status === "succeeded" || problems.length === 0) return null;
  const [first, ...others] = problems;
  return others.length === 0 ? (first?.message ?? null) : `${first?.message} (and ${others.length} more)`;
}

/** One address. After a failure what was written is no longer told, only how the run ended; the first failure is the warning. */
class Delivery {
  readonly #send: Send;
  readonly problems: Problem[] = [];

  constructor(send: Send) {
    this.#send = send;
  }

  async give(event: Parameters<Send["send"]>[0]): Promise<readonly Problem[]> {
    if (this.problems.length > 0 && event.eventType === "RUNNING") return this.problems;
    try {
      await this.#send.send(event);
    } catch (error) {
      const message = `The OpenLineage event ${event.eventType} could not go to ${this.#send.to}: ${reasonOf(error)}. The run went on.`;
      if (this.problems.length === 0) this.problems.push({ code: "event_unsent", message });
    }
    return this.problems;
  }
}

// `fetch failed` alone says nothing; its cause does.
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
