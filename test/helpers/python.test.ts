import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { pythonVenv, startMoto } from "./python.ts";

const python = await pythonVenv();

test.skipIf(python === null)("the Python of the tests is 3 and has moto", () => {
  expect(execFileSync(python ?? "", ["-c", "import sys, moto; print(sys.version_info[0], moto.__version__)"], { encoding: "utf8" })).toBe(
    "3 5.2.5\n",
  );
});

test.skipIf(python === null)("each moto has a port and a state of its own and ends when closed", async () => {
  const [one, two] = await Promise.all([startMoto(), startMoto()]);
  expect(one?.url).not.toBe(two?.url);
  await one?.close();
  expect((await fetch(`${two?.url}/moto-api/`)).status).toBe(200);
  await two?.close();
  await expect(fetch(`${two?.url}/moto-api/`)).rejects.toThrow("fetch failed");
});
