import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { setFlag, usualFlags } from "./v8-flags.ts";

/** A flag whose value shows: V8 gives it to each new context. */
const FLAG = "stack-trace-limit";
const shown = (): unknown => runInNewContext("Error.stackTraceLimit");

afterEach(() => setFlag(FLAG, { usual: "10", wanted: "10" }));

test("a flag holds from when it is set", () => {
  expect(shown()).toBe(10);
  setFlag(FLAG, { usual: "10", wanted: "3" });
  expect(shown()).toBe(3);
});

test("flags are the usual ones until the last of the threads that start has started, and then as they were wanted last", () => {
  setFlag(FLAG, { usual: "10", wanted: "3" });
  const [one, other] = [usualFlags(), usualFlags()];
  expect(shown()).toBe(10);
  one.started();
  one.started();
  setFlag(FLAG, { usual: "10", wanted: "4" });
  expect(shown()).toBe(10);
  other.ended();
  one.ended();
  expect(shown()).toBe(4);
});

test("a flag that must not change under threads at work is the usual one only while the first of them start", () => {
  setFlag(FLAG, { usual: "10", wanted: "3", isSteady: true });
  const one = usualFlags();
  expect(shown()).toBe(10);
  one.started();
  expect(shown()).toBe(3);
  const other = usualFlags();
  expect(shown()).toBe(3);
  one.ended();
  other.ended();
  other.ended();
  const next = usualFlags();
  expect(shown()).toBe(10);
  next.ended();
  expect(shown()).toBe(3);
});

test("a flag that is there or is not is set either way", () => {
  for (const wanted of [true, false]) {
    setFlag("expose-gc", { usual: false, wanted });
    expect(runInNewContext("typeof gc")).toBe(wanted ? "function" : "undefined");
  }
});
