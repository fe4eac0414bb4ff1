import { expect, test } from "vitest";
import { ThreadPool } from "./thread-pool.ts";

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
