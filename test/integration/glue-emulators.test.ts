import { join } from "node:path";
import type { Glue } from "@aws-sdk/client-glue";
import { afterAll, expect, test } from "vitest";
import { resetEmulator, startMiniStack, startMoto } from "../helpers/glue-emulators.ts";
import type { Emulator } from "../helpers/python.ts";
import { aGlueSandbox, glueClient } from "../helpers/sandbox-glue.ts";
import { BEHAVIOURS, type Behaviour } from "./glue-behaviours.ts";

/** Written anew by `npx vitest run test/integration/glue-emulators.test.ts --update`. */
const PAGE = join(import.meta.dirname, "../../docs/reference/glue-emulators.md");

const [moto, miniStack] = await Promise.all([startMoto(), startMiniStack()]);
afterAll(async () => {
  await moto?.close();
  await miniStack?.close();
});

test.each(BEHAVIOURS)("the sandbox is as strict as the service: $done", async ({ documented, observe }) => {
  const { glue } = await aGlueSandbox();
  expect(await observe(glue)).toBe(documented);
});

test.skipIf(moto === null || miniStack === null)("the page tells where each emulator differs from the service, and no more", async () => {
  const seen = { moto: await observedAt(moto), miniStack: await observedAt(miniStack) };
  const rows = BEHAVIOURS.map(({ done, documented }, index) => {
    const cell = (observed: readonly string[]): string => (observed[index] === documented ? "✓" : `**${observed[index]}**`);
    return `| ${done.replaceAll("|", "\\|")} | ${documented} | ✓ | ${cell(seen.moto)} | ${cell(seen.miniStack)} |`;
  });
  await expect(page(rows, seen)).toMatchFileSnapshot(PAGE);
});

/** What comes of each behaviour, in its order. */
async function observedAt(emulator: Emulator | null): Promise<readonly string[]> {
  if (emulator === null) return [];
  const glue: Glue = glueClient(emulator.url);
  const observed: string[] = [];
  for (const behaviour of BEHAVIOURS) {
    await resetEmulator(emulator);
    observed.push(await behaviour.observe(glue).catch((error: Error) => `${error.name} on the way`));
  }
  glue.destroy();
  return observed;
}

function page(rows: readonly string[], seen: { readonly moto: readonly string[]; readonly miniStack: readonly string[] }): string {
  const differing = (observed: readonly string[]): number =>
    BEHAVIOURS.filter((one: Behaviour, index) => observed[index] !== one.documented).length;
  return `# Glue emulators beside the documented service

The tests run the target's conformance suite against three local endpoints: the [sandbox](sandbox-glue.md) of this project, and two that others wrote, moto 5.2.5 and MiniStack 1.5.33. None of them is AWS Glue. This page tells where they differ from what AWS documents, or was seen to answer ([sources](sandbox-glue.md#what-it-simulates)), as far as a writer of metadata meets it.

Of ${BEHAVIOURS.length} behaviours, moto has ${BEHAVIOURS.length - differing(seen.moto)} and MiniStack ${BEHAVIOURS.length - differing(seen.miniStack)}. The sandbox has to have all: a test holds it to every row. ✓ is what is documented; a cell in bold is what comes instead.

| What is done | Documented | Sandbox | moto | MiniStack |
|---|---|---|---|---|
${rows.join("\n")}

This page is made by \`test/integration/glue-emulators.test.ts\`, which fails where it no longer tells what it sees.
`;
}
