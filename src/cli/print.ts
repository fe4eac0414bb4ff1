import type { Context } from "./context.ts";

/** Prints a small result: as JSON, or as a sentence. */
export async function print({ global, out }: Context, result: { readonly [key: string]: unknown }, sentence: string): Promise<void> {
  if (global.json === true) {
    const { resultJson } = await import("./views/json/envelope.ts");
    await out.write(resultJson(result));
  } else {
    await out.write(`${sentence}\n`);
  }
}
