import { TidemarkError } from "../../model/errors.ts";
import type { Called } from "./calls.ts";

/** A page of what is listed; the token leads to the next one, undefined after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** A page with the token that led to it, undefined for the first; or why there are no more though the end was not reached. */
export type Walked<T> = { readonly kind: "page"; readonly items: readonly T[]; readonly token: string | undefined } | Gap;

export interface Gap {
  readonly kind: "gap";
  /** `absent`: what is listed is not there. `silent`: the service gave no answer. */
  readonly reason: "absent" | "refused" | "circle" | "silent";
  /** A clause that goes on from what was done. */
  readonly why: string;
  readonly cause?: unknown;
}

/** Walks to the page without a token; short and empty pages end nothing. Whatever else ends the walk is told as a gap. */
export async function* walkPages<T>(fetch: (token: string | undefined) => Promise<Called<Page<T>>>): AsyncIterable<Walked<T>> {
  const tokens = new Set<string>();
  let empty = 0;
  let token: string | undefined;
  for (;;) {
    const called = await answered(() => fetch(token));
    if ("silence" in called)
      return yield {
        kind: "gap",
        reason: "silent",
        why: `got no answer (${called.silence.message.replace(/\.$/, "")})`,
        cause: called.silence,
      };
    if (!called.ok) {
      const reason = called.kind === "absent" ? "absent" : "refused";
      return yield { kind: "gap", reason, why: `was refused (${called.message})`, cause: called.cause };
    }
    const { items, next } = called.value;
    yield { kind: "page", items, token };
    if (next === undefined) return;
    empty = items.length === 0 ? empty + 1 : 0;
    const isCircle = items.length > 0 && tokens.has(next);
    if (isCircle || empty > MOST_EMPTY_PAGES) return yield { kind: "gap", reason: "circle", why: "leads from page to page without end" };
    tokens.add(next);
    token = next;
  }
}

const MOST_EMPTY_PAGES = 100;

/** What became of a call: its answer, or the error of a service that could not be brought to give one. */
export async function answered<T>(call: () => Promise<Called<T>>): Promise<Called<T> | { readonly silence: TidemarkError }> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TidemarkError && error.code === "target_unavailable") return { silence: error };
    throw error;
  }
}
