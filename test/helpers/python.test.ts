import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { startMiniStack, startMoto } from "./glue-emulators.ts";
import { pythonVenv } from "./python.ts";

const python = await pythonVenv();

test.skipIf(python === null)("the Python of the tests is 3 and has both emulators", () => {
  const code = `import sys; from importlib.metadata import version as v; print(sys.version_info[0], v("moto"), v("ministack"))`;
  expect(execFileSync(python ?? "", ["-c", code], { encoding: "utf8" })).toBe("3 5.2.5 1.5.33\n");
});

test.skipIf(python === null).each([
  ["moto", startMoto],
  ["MiniStack", startMiniStack],
])("each %s has a port of its own and ends when closed", async (_name, start) => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(one?.url).not.toBe(two?.url);
  await one?.close();
  expect((await fetch(`${two?.url}/`)).status).toBeTypeOf("number");
  await two?.close();
  await expect(fetch(`${two?.url}/`)).rejects.toThrow("fetch failed");
});
