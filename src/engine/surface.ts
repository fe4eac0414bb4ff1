/** The types of the ports that whoever calls the engine meets: what it reads of a state, and what it is told of a run. */
export type { CheckpointReader } from "../ports/checkpoint-store.ts";
export type { Log, Phase, RunEvent } from "../ports/log.ts";
/** How many changes a plan holds. */
export { changesIn } from "../plan/summary.ts";
