import { gzipSync } from "node:zlib";
import type { Answer, Delivery } from "../http/deliver.ts";
import type { Fault } from "./faults.ts";

/** An answer that is right in itself and goes wrong on its way. */
export function mangled(answer: Answer, { fault, ms = 1000, content_type = "text/plain" }: Fault): Delivery {
  switch (fault) {
    case "truncated_body":
      return { kind: "cut", answer, framing: "length" };
    case "truncated_chunk":
      return { kind: "cut", answer, framing: "chunks" };
    case "drip":
      return { kind: "drip", answer, ms };
    case "duplicate_response":
      return { kind: "twice", answer };
    case "wrong_content_type":
      return { kind: "answer", answer: { ...answer, headers: { ...answer.headers, "content-type": content_type } } };
    case "cut_gzip":
      return { kind: "answer", answer: repacked(answer, (packed) => packed.subarray(0, packed.length >>> 1)) };
    case "corrupt_gzip":
      return {
        kind: "answer",
        answer: repacked(answer, (packed) => Buffer.concat([packed.subarray(0, packed.length - 8), Buffer.alloc(8)])),
      };
    default:
      return { kind: "answer", answer };
  }
}

// Compressed whether the caller takes that or not. The last eight bytes are the check sum and the length of the text.
function repacked(answer: Answer, change: (packed: Buffer) => Buffer): Answer {
  const { body, headers } = answer;
  if (!Buffer.isBuffer(body)) return answer;
  const packed = headers["content-encoding"] === "gzip" ? body : gzipSync(body);
  return { ...answer, headers: { ...headers, "content-encoding": "gzip" }, body: change(packed) };
}
