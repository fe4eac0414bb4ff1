import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { SMALL_HEAP } from "./small-heap.ts";

test("each flag that a small heap takes is one of this V8, which has for it what is called usual", () => {
  const options = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  const said = Object.entries(SMALL_HEAP).map(([name, { usual }]) =>
    typeof usual === "string" ? `default: --${name}=${usual}` : `default: --${usual ? "" : "no-"}${name}`,
  );
  expect(said.filter((one) => !options.split("\n").some((line) => line.endsWith(one)))).toEqual([]);
});
