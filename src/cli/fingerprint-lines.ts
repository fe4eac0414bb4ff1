import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { fingerprintText } from "../engine/fingerprint.ts";
import { AssetError, TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { Context } from "./context.ts";

const CHUNK = 64 * 1024;

/** The hashes of each line of a file, or of standard input, in chunks of whole lines. Lines that were right are handed on before a wrong one throws. */
export async function* fingerprintLines(
  file: string | undefined,
  { cwd, stdin }: Pick<Context, "cwd" | "stdin">,
  scheme: HashScheme,
): AsyncGenerator<string> {
  const name = file ?? "standard input";
  let pending = "";
  let number = 0;
  for await (const line of linesOf(file === undefined ? stdin : createReadStream(resolve(cwd, file)), name)) {
    number++;
    const hashed = hashLine(line, number, scheme);
    if (hashed instanceof AssetError) {
      yield pending;
      throw new TidemarkError("input_invalid", `Line ${number} of ${name} cannot be hashed: ${hashed.message}.`.replace("..", "."), {
        cause: hashed,
      });
    }
    pending += hashed;
    if (pending.length < CHUNK) continue;
    yield pending;
    pending = "";
  }
  yield pending;
}

// Only "\n" ends a line: JSON may hold every other character that some readers take for an end.
async function* linesOf(stream: NodeJS.ReadableStream, name: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      let bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
        yield rest.length === 0 ? bytes.subarray(0, end) : Buffer.concat([...rest, bytes.subarray(0, end)]);
        rest = [];
        bytes = bytes.subarray(end + 1);
      }
      if (bytes.length > 0) rest.push(bytes);
    }
  } catch (error) {
    throw new TidemarkError("input_invalid", `Reading ${name} failed: ${(error as Error).message}.`, { cause: error });
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** A line of output; nothing for a blank line. */
function hashLine(line: Uint8Array, number: number, scheme: HashScheme): string | AssetError {
  try {
    // A byte order mark, as some tools write at the start of a file, is no part of the JSON.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: number !== 1 }).decode(line);
    return text.trim() === "" ? "" : `${JSON.stringify(fingerprintText(text, scheme))}\n`;
  } catch (error) {
    if (error instanceof AssetError) return error;
    if (error instanceof TypeError) return new AssetError("asset_unreadable", "it is not UTF-8", { cause: error });
    throw error;
  }
}
