import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { FeedStream } from "./feed-stream.ts";

test("a line is acknowledged once the stream took it", async () => {
  const taken: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      setTimeout(() => {
        taken.push(chunk.toString());
        done();
      }, 5);
    },
  });
  const feed = new FeedStream(stream);
  await feed.append("one\n");
  expect(taken).toEqual(["one\n"]);
  await feed.close();
  expect(stream.writableEnded).toBe(false);
});

test("a reader that went away ends the run and says so", async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE: broken pipe")) });
  stream.on("error", () => undefined);
  await expect(new FeedStream(stream).append("one\n")).rejects.toMatchObject({
    code: "target_unavailable",
    message: "Could not append to the change feed on standard output: EPIPE: broken pipe.",
  });
});
