import { expect, test } from "vitest";
import type { Target } from "../../src/ports/target.ts";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aTarget, call, operations, put } from "../helpers/a-glue-target.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";

const places = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, n) => `dsp_sales.t${from + n}`);

/** What is taken of these places, and the requests that it took to find out. */
async function survey(
  { sandbox, target }: { readonly sandbox: GlueSandbox; readonly target: Target },
  refs: readonly string[],
): Promise<{ readonly taken: readonly string[]; readonly requests: readonly string[] }> {
  sandbox.reset({ counts: true });
  const taken = await target.taken?.(refs, call);
  return { taken: [...(taken?.keys() ?? [])], requests: operations(sandbox) };
}

test("in a database that is not there nothing is taken, and making it needs no second look", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  expect(await survey({ sandbox, target }, places(0, 50))).toEqual({ taken: [], requests: ["GetDatabase"] });
  expect(await survey({ sandbox, target }, places(50, 90))).toEqual({ taken: [], requests: [] });
  sandbox.reset({ counts: true });
  await put(target, anAsset());
  expect(operations(sandbox)).toEqual(["CreateDatabase", "CreateTable", "GetTable"]);
});

test("the names of a database are listed once, and only what is taken is read", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  await peopleOf(glue).make("dsp_sales.t3", { description: null });
  const first = await survey({ sandbox, target }, places(0, 50));
  expect(first).toEqual({ taken: ["dsp_sales.t3"], requests: ["GetDatabase", "GetTables", "GetTable"] });
  expect(await survey({ sandbox, target }, places(50, 90))).toEqual({ taken: [], requests: [] });
});

test("a database of many pages is listed only where that takes fewer requests than the places asked for", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const people = peopleOf(glue);
  for (let n = 0; n < 250; n++) await people.make(`dsp_sales.other${n}`, { description: null });
  await people.make("dsp_sales.t1", { description: null });
  expect(await survey({ sandbox, target }, places(0, 2))).toEqual({
    taken: ["dsp_sales.t1"],
    requests: ["GetDatabase", "GetTables", "GetTable", "GetTable"],
  });
  expect((await survey({ sandbox, target }, places(2, 4))).requests).toEqual(["GetTable", "GetTable"]);
  expect((await survey({ sandbox, target }, places(4, 30))).requests).toEqual(["GetTables", "GetTables", "GetTables"]);
  expect((await survey({ sandbox, target }, places(30, 60))).requests).toEqual([]);
});

test("what may not be looked at is not taken: the write will tell", async () => {
  const { sandbox } = await aGlueSandbox();
  sandbox.fault({ fault: "access_denied", times: "always" });
  expect(await survey({ sandbox, target: aTarget(sandbox) }, places(0, 50))).toEqual({ taken: [], requests: ["GetDatabase"] });
});
