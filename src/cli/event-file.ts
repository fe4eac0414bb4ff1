import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { TidemarkError } from "../model/errors.ts";
import type { EventSink } from "./event-sink.ts";

/** What may wait to be written: a disk or a pipe that stalls must not fill the memory of the run that it is told of. */
const WAITING_BYTES = 4 * 2 ** 20;

/** Appends every event to a file as a line of JSON with its time. The file is made with mode 0600: messages name assets. */
export async function openEventFile(path: string, cwd: string, { requests }: { readonly requests: boolean }): Promise<EventSink> {
  const file = await open(resolve(cwd, path), "a", 0o600).catch((error: unknown) => {
    throw new TidemarkError("usage", `The log file ${path} cannot be opened: ${(error as Error).message}.`, {
      remedy: "Name a file in a folder that is there and may be written to.",
      cause: error,
    });
  });
  const stream = file.createWriteStream();
  // A log that can no longer be written must not end the run that it tells of.
  stream.on("error", () => undefined);
  let missed = 0;
  const line = (event: object): void => void stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  const tellMissed = (): void => {
    if (missed > 0) line({ kind: "missed", events: missed });
    missed = 0;
  };
  return {
    event(event) {
      // One for each request would drown the rest.
      if (event.kind === "budget" || (event.kind === "request" && !requests)) return;
      if (stream.writableLength > WAITING_BYTES) {
        missed += 1;
        return;
      }
      tellMissed();
      line(event);
    },
    async close() {
      tellMissed();
      await new Promise<void>((done) => stream.end(() => done()));
    },
  };
}
