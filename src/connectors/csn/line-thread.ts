import { parentPort } from "node:worker_threads";
import type { Look, Looked } from "./line-sighters.ts";
import { sightLines } from "./usual-lines.ts";

// A thread of LineSighters: looks at the lines of one stretch after the other.
parentPort?.on("message", ({ buffer, from, length }: Look) => {
  const { names, tokens, ats, lengths } = sightLines(Buffer.from(buffer, from, length));
  const looked: Looked = {
    buffer,
    from,
    length,
    names: names.join("\n"),
    tokens: tokens.join("\n"),
    ats: Uint32Array.from(ats),
    lengths: Uint32Array.from(lengths),
  };
  parentPort?.postMessage(looked, [buffer, looked.ats.buffer as ArrayBuffer, looked.lengths.buffer as ArrayBuffer]);
});
