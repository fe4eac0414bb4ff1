import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const canary = "canary-4711";

test.each([
  ["a template", `${new Secret(canary)}`],
  ["JSON", JSON.stringify({ url: new Secret(canary) })],
  ["an inspection with hidden members", inspect({ url: new Secret(canary) }, { showHidden: true, depth: 9 })],
  ["a format string", format("%s %o %j", new Secret(canary), new Secret(canary), new Secret(canary))],
  ["a spread", JSON.stringify({ ...new Secret(canary) })],
])("a secret put through %s does not show itself", (_way, printed) => {
  expect(printed).not.toContain(canary);
});

test("a secret is given to whoever asks for it by name", () => {
  expect(new Secret(canary).reveal()).toBe(canary);
});
