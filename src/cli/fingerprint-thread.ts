import { parentPort, workerData } from "node:worker_threads";
import type { HashScheme } from "../model/fingerprint.ts";
import { hashChunk } from "./fingerprint-chunk.ts";
import type { Chunk } from "./fingerprint-lines.ts";

// A thread of fingerprintLines: hashes the lines of one chunk after the other, by the scheme that it was started with.
parentPort?.on("message", ({ buffer, from, length, isFirst }: Chunk) => {
  parentPort?.postMessage(hashChunk(Buffer.from(buffer, from, length), isFirst, workerData as HashScheme), []);
});
