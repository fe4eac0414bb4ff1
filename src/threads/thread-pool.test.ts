import { setTimeout } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { ThreadPool } from "./thread-pool.ts";
import { setFlag } from "./v8-flags.ts";

/** A module that is its text alone. */
const moduleOf = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

const ADDER = moduleOf(`
  import { parentPort, workerData } from "node:worker_threads";
  parentPort.on("message", (bytes) => parentPort.postMessage(bytes.reduce((sum, byte) => sum + byte, workerData)));
`);

test("each question gets its own answer, from threads that know what they were started with; its bytes are moved", async () => {
  await using pool = new ThreadPool<Uint8Array, number>(ADDER, { data: 1_000, threads: 2 });
  const questions = Array.from({ length: 50 }, (_, n) => new Uint8Array(n + 1).fill(1));
  const answers = await Promise.all(questions.map((bytes) => pool.ask(bytes, [bytes.buffer])));
  expect(answers).toEqual(questions.map((_, n) => 1_001 + n));
  expect(questions.every(({ byteLength }) => byteLength === 0)).toBe(true);
});

test("a thread that fails or ends fails what it was asked, and leaves nobody waiting", async () => {
  const failing = moduleOf(
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("out of luck"); });',
  );
  const ending = moduleOf('import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit());');
  await using one = new ThreadPool<number, number>(failing);
  await using other = new ThreadPool<number, number>(ending);
  await expect(one.ask(1, [])).rejects.toThrow("out of luck");
  await expect(other.ask(1, [])).rejects.toThrow("a thread ended before it answered");
});

test("a thread that failed is followed by another, for as long as its pool stays", async () => {
  const failingOnce = moduleOf(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", (what) => { if (what === "fail") throw new Error("out of luck"); parentPort.postMessage(what); });
  `);
  await using pool = new ThreadPool<string, string>(failingOnce, { threads: 1 });
  await expect(pool.ask("fail", [])).rejects.toThrow("out of luck");
  expect(await pool.ask("go on", [])).toBe("go on");
});

const COUNTER = moduleOf(`
  import { parentPort } from "node:worker_threads";
  let asked = 0;
  parentPort.on("message", () => parentPort.postMessage(++asked));
`);

test("threads stay as long as their pool, or end when nothing was asked for a while, and start anew", async () => {
  await using staying = new ThreadPool<null, number>(COUNTER, { threads: 1 });
  await using ending = new ThreadPool<null, number>(COUNTER, { threads: 1, endAfter: 50 });
  for (const expected of [1, 2]) expect([await staying.ask(null, []), await ending.ask(null, [])]).toEqual([expected, expected]);
  await setTimeout(500);
  expect([await staying.ask(null, []), await ending.ask(null, [])]).toEqual([3, 1]);
});

test("threads that are at work do not end, however long it takes them", async () => {
  const slow = moduleOf(`
    import { parentPort } from "node:worker_threads";
    let asked = 0;
    parentPort.on("message", (ms) => { asked++; setTimeout(() => parentPort.postMessage(asked), ms); });
  `);
  await using pool = new ThreadPool<number, number>(slow, { threads: 1, endAfter: 20 });
  expect(await pool.ask(0, [])).toBe(1);
  expect(await Promise.all([pool.ask(200, []), pool.ask(300, [])])).toEqual([3, 3]);
});

test("a flag that must not change under threads at work does so again once all of them have ended", async () => {
  const name = "stack-trace-limit";
  const shown = (): unknown => runInNewContext("Error.stackTraceLimit");
  setFlag(name, { usual: "10", wanted: "3", isSteady: true });
  onTestFinished(() => setFlag(name, { usual: "10", wanted: "10" }));
  await using after = new ThreadPool<null, number>(COUNTER, { threads: 1 });
  const seen: unknown[] = [];
  await (async () => {
    await using one = new ThreadPool<null, number>(COUNTER, { threads: 1 });
    await one.ask(null, []);
    await using other = new ThreadPool<null, number>(COUNTER, { threads: 1 });
    const answer = other.ask(null, []);
    seen.push(shown());
    await answer;
  })();
  const answer = after.ask(null, []);
  seen.push(shown());
  await answer;
  expect([...seen, shown()]).toEqual([3, 10, 3]);
});

test("a thread starts only for what no other is free for", async () => {
  await using pool = new ThreadPool<null, number>(COUNTER, { threads: 2 });
  for (const expected of [1, 2, 3]) expect(await pool.ask(null, [])).toBe(expected);
  expect(await Promise.all([pool.ask(null, []), pool.ask(null, [])])).toEqual([4, 1]);
});
