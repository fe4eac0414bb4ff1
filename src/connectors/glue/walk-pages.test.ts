import { expect, test } from "vitest";
import { TidemarkError } from "../../model/errors.ts";
import type { Called } from "./calls.ts";
import { failureOf } from "./errors.ts";
import { type Page, type Walked, walkPages } from "./walk-pages.ts";

const page = (items: readonly number[], next?: string): Called<Page<number>> => ({ ok: true, value: { items, next } });
const walk = (fetch: (token: string | undefined) => Called<Page<number>> | Error): Promise<Walked<number>[]> =>
  Array.fromAsync(
    walkPages(async (token) => {
      const answer = fetch(token);
      if (answer instanceof Error) throw answer;
      return answer;
    }),
  );

test("a walk goes on over short and empty pages to the one without a token", async () => {
  const pages = new Map([
    [undefined, page([1, 2], "a")],
    ["a", page([], "b")],
    ["b", page([3])],
  ]);
  expect(await walk((token) => pages.get(token) ?? new Error("no such page"))).toEqual([
    { kind: "page", items: [1, 2], token: undefined },
    { kind: "page", items: [], token: "a" },
    { kind: "page", items: [3], token: "b" },
  ]);
});

test("tokens that lead in a circle, and empty pages without end, are a gap", async () => {
  const circle = await walk((token) => page([1], token === "a" ? "b" : "a"));
  expect(circle.at(-1)).toMatchObject({ kind: "gap", reason: "circle" });
  let n = 0;
  const empty = await walk(() => page([], `t${n++}`));
  expect([empty.length, empty.at(-1)]).toMatchObject([102, { kind: "gap", reason: "circle" }]);
});

test("a refusal, an absence and a silence end a walk, each told as what it is; a defect throws", async () => {
  const failed = (name: string): Called<Page<number>> => failureOf(Object.assign(new Error("no"), { name }));
  expect(await walk(() => failed("AccessDeniedException"))).toMatchObject([{ kind: "gap", reason: "refused" }]);
  expect(await walk(() => failed("EntityNotFoundException"))).toMatchObject([{ kind: "gap", reason: "absent" }]);
  expect(await walk(() => new TidemarkError("target_unavailable", "It is off."))).toMatchObject([
    { kind: "gap", reason: "silent", why: "got no answer (It is off)" },
  ]);
  await expect(walk(() => new Error("a defect"))).rejects.toThrow("a defect");
  await expect(walk(() => new TidemarkError("interrupted", "stopped"))).rejects.toMatchObject({ code: "interrupted" });
});
