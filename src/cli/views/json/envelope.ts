import type { TidemarkError } from "../../../model/errors.ts";

/** Version of everything that `--json` prints. A new key keeps it; a changed or missing one raises it. */
export const FORMAT_VERSION = 1;

/** What `--json` prints where there is no result. */
export function failureJson(failure: TidemarkError): string {
  return JSON.stringify({ format_version: FORMAT_VERSION, error: errorOf(failure) });
}

/** The same as a line of its own: the first, or the last after what had been printed before it. */
export function failureLine(failure: TidemarkError): string {
  return `${JSON.stringify({ type: "error", format_version: FORMAT_VERSION, error: errorOf(failure) })}\n`;
}

function errorOf({ code, message, remedy }: TidemarkError): object {
  return { code, message, remedy };
}

/** A result that is small enough to stand in memory. */
export function resultJson(result: { readonly [key: string]: unknown }): string {
  return `${JSON.stringify({ format_version: FORMAT_VERSION, ...result }, null, 2)}\n`;
}

/** A list in a result that is written as it comes. */
export type Streamed = AsyncIterable<readonly unknown[]>;

/**
 * Writes a result with long lists, one element a line, in memory bounded by one page of a list.
 *
 * `members` keep their order; a member is either a value or, for a long list, a function that opens it ({@link Streamed}). A function
 * that gives a value is called when it is its turn: behind a list it tells what the list came to.
 */
export async function* streamJson(members: { readonly [key: string]: unknown }): AsyncGenerator<string> {
  yield `{"format_version":${FORMAT_VERSION}`;
  for (const [key, member] of Object.entries(members)) {
    yield `,\n${JSON.stringify(key)}:`;
    const value: unknown = typeof member === "function" ? (member as () => unknown)() : member;
    if (isStreamed(value)) yield* streamList(value);
    else yield JSON.stringify(value);
  }
  yield "}\n";
}

function isStreamed(value: unknown): value is Streamed {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function* streamList(pages: Streamed): AsyncGenerator<string> {
  yield "[";
  let first = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield `${first ? "" : ","}\n${page.map((element) => JSON.stringify(element)).join(",\n")}`;
    first = false;
  }
  yield "]";
}
