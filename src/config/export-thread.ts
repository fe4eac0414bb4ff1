import { parentPort, workerData } from "node:worker_threads";
import { bytesOf, lookAtLines } from "../connectors/csn/look-at-lines.ts";
import type { ExportAnswer, ExportQuestion, ThreadData } from "./export-threads.ts";

// A thread of ExportThreads. In the order of the questions, which is all that tells their answers apart.
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (question: ExportQuestion) => {
  last = answerAfter(last, question);
});

async function answerAfter(before: Promise<void>, question: ExportQuestion): Promise<void> {
  await before;
  const answered = await answer(question);
  parentPort?.postMessage(answered, "reads" in answered ? [] : bytesOf(answered));
}

async function answer(question: ExportQuestion): Promise<ExportAnswer> {
  if (!("items" in question)) return lookAtLines(question);
  // Not before something is to be hashed: it is ten times as much to load.
  const { readBatch } = await import("./read-batch.ts");
  return await readBatch(question.items, workerData as ThreadData);
}
