import { expect, test } from "vitest";
import type { Problem } from "../model/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observed, Target, WriteResult } from "../ports/target.ts";
import { settleWrite, type SettleOptions } from "./settle-write.ts";

const problem: Problem = { code: "write_failed", message: "The target said no." };
const applied: Extract<WriteResult, { status: "applied" }> = {
  status: "applied",
  acknowledged: null,
  decisions: [],
  kept: [],
  withheld: [],
};
const absent: Observed = { state: "absent", ref: "db.t" };
const silent: Observed = { state: "unknown", ref: "db.t", problem: { code: "outcome_unknown", message: "No answer." } };

/** Answers writes and reads in turn, and records what was asked for. */
function scripted(answers: { writes: WriteResult[]; reads?: Observed[] }): {
  options: SettleOptions;
  write: (observed: Observed | undefined) => Promise<WriteResult>;
  asked: string[];
} {
  const asked: string[] = [];
  const writes = [...answers.writes];
  const reads = [...(answers.reads ?? [])];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: async (ms) => {
      asked.push(`pause ${ms}`);
    },
  };
  const target = {
    observe: async () => {
      asked.push("read");
      return new Map([["db.t", reads.shift() ?? absent]]);
    },
  } as unknown as Target;
  const options = {
    target,
    ref: "db.t",
    backoff: { attempts: 3, base_ms: 100, max_ms: 150 },
    clock,
    random: { uuid: () => "", next: () => 0 },
    signal: new AbortController().signal,
  };
  const write = async (observed: Observed | undefined): Promise<WriteResult> => {
    asked.push(observed === undefined ? "write" : `write on ${observed.state}`);
    const answer = writes.shift();
    if (answer === undefined) throw new Error("one write too many");
    return answer;
  };
  return { options, write, asked };
}

const refused = (again: boolean): WriteResult => ({ status: "refused", again, problem });
const unknown: WriteResult = { status: "unknown", problem };

test("a write that is applied is done with one request", async () => {
  const { options, write, asked } = scripted({ writes: [applied] });
  expect(await settleWrite(options, write, () => null)).toEqual({ settled: applied, late: false });
  expect(asked).toEqual(["write"]);
});

test("a refusal for good is failed at once", async () => {
  const { options, write, asked } = scripted({ writes: [refused(false)] });
  expect(await settleWrite(options, write, () => null)).toEqual({ settled: { status: "failed", problem }, late: false });
  expect(asked).toEqual(["write"]);
});

test("a throttled write is tried again after growing pauses, and no read, until the attempts are used up", async () => {
  const { options, write, asked } = scripted({ writes: [refused(true), refused(true), refused(true)] });
  expect(await settleWrite(options, write, () => null)).toEqual({ settled: { status: "failed", problem }, late: false });
  expect(asked).toEqual(["write", "pause 50", "write", "pause 75", "write"]);
});

test("an unknown outcome that the read-back finds in place is applied, and not written again", async () => {
  const { options, write, asked } = scripted({ writes: [unknown], reads: [absent] });
  expect(await settleWrite(options, write, () => applied)).toEqual({ settled: applied, late: false });
  expect(asked).toEqual(["write", "read"]);
});

test("an unknown outcome that the read-back does not find is written again on what was read, and its first request may still land", async () => {
  const { options, write, asked } = scripted({ writes: [unknown, applied], reads: [absent] });
  expect(await settleWrite(options, write, () => null)).toEqual({ settled: applied, late: true });
  expect(asked).toEqual(["write", "read", "pause 50", "write on absent"]);
});

test("an unknown outcome that cannot be read back is left unsettled, never guessed", async () => {
  const { options, write, asked } = scripted({ writes: [unknown], reads: [silent, silent, silent] });
  const settled = await settleWrite(options, write, () => applied);
  expect(settled).toMatchObject({ settled: { status: "unsettled", problem: { code: "outcome_unknown" } }, late: true });
  expect(asked).toEqual(["write", "read", "pause 50", "read", "pause 75", "read"]);
});

test("an unknown outcome on the last attempt that is not in place stays unsettled: the request may still land", async () => {
  const { options, write } = scripted({ writes: [unknown, unknown, unknown], reads: [absent, absent, absent] });
  expect(await settleWrite(options, write, () => null)).toMatchObject({ settled: { status: "unsettled" }, late: true });
});

test("an interruption in a pause keeps what is certain: refused is failed, unknown is unsettled", async () => {
  for (const [first, status] of [
    [refused(true), "failed"],
    [unknown, "unsettled"],
  ] as const) {
    const { options, write } = scripted({ writes: [first], reads: [absent] });
    const interrupted = { ...options, clock: { ...options.clock, sleep: () => Promise.reject(new Error("interrupted")) } };
    expect(await settleWrite(interrupted, write, () => null)).toMatchObject({ settled: { status } });
  }
});
