import fc from "fast-check";
import { expect, test } from "vitest";
import { CountingMeter, entity, folderOf, line, signal } from "../../../test/helpers/csn-source.ts";
import type { Listed, ListedText, ListingEvent } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import { openDisk } from "./disk.ts";
import { LineSighters } from "./line-sighters.ts";
import { listSpace } from "./list-space.ts";
import { lookAtLines } from "./look-at-lines.ts";
import { NO_MEMORY } from "./space-memory.ts";

async function listing(files: Record<string, string>, { part, takesText }: { readonly part?: number; readonly takesText: boolean }) {
  const disk = openDisk(folderOf(files), new CountingMeter());
  // Threads do nothing else; that they do it elsewhere is another claim.
  const threads = { threads: 2, look: async (look: Parameters<typeof lookAtLines>[0]) => lookAtLines(look) };
  const sight = part === undefined ? undefined : new LineSighters(threads, part).sight;
  const folder = { space: "S", files: Object.keys(files).toSorted(), ignored: [], problems: [] };
  return await Array.fromAsync(listSpace(disk, folder, { signal, memory: NO_MEMORY, known: new Set(), takesText }, sight));
}

/** What was listed, in the order of the ids, and everything else in its own. */
function told(events: readonly ListingEvent[]) {
  const items = events.flatMap((event) => (event.kind === "text" ? itemsOf(event) : event.kind === "listed" ? event.items : []));
  return {
    items: items.toSorted((a, b) => compareCodePoints(a.id, b.id)),
    rest: events.filter(({ kind }) => kind !== "listed" && kind !== "text"),
  };
}

function itemsOf({ scope, count, ids, tokens, locators }: ListedText): readonly Listed[] {
  const [tokenOf, locatorOf] = [tokens.split("\n"), locators.split("\n")];
  const items = ids.split("\n").map((id, i) => ({ id, scope, token: tokenOf[i] ?? null, locator: JSON.parse(locatorOf[i] as string) }));
  expect([items.length, tokenOf.length, locatorOf.length]).toEqual([count, count, count]);
  expect(items.map(({ id }) => id)).toEqual([...new Set(items.map(({ id }) => id))].toSorted(compareCodePoints));
  return items;
}

const aLine = fc.oneof(
  {
    weight: 60,
    arbitrary: fc
      .record({ name: fc.stringMatching(/^[A-C][0-9]{1,3}$/), label: fc.constantFrom("a", "b") })
      .map(({ name, label }) => line(name, entity({ "@EndUserText.label": label })).trimEnd()),
  },
  fc.constantFrom(
    "",
    "\r",
    '{"name":"\\u0041","definition":{"kind":"entity"}}',
    '{"name":"C","definition":{"kind":"context"}}',
    '{"name":"X","definition":{"kind":"entity"}',
    "ü",
  ),
);

test("what is listed as text is what is listed one by one, however files are cut, ordered and broken, with the same problems", async () => {
  let texts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          lines: fc.array(aLine, { maxLength: 60, size: "max" }),
          isSorted: fc.boolean(),
          end: fc.constantFrom("", "\n", "\r\n"),
        }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      fc.integer({ min: 200, max: 2_500 }),
      async (exports, part) => {
        const files = Object.fromEntries(
          exports.map(({ lines, isSorted, end }, i) => [
            `S/${i}.ndjson`,
            (isSorted ? [...new Set(lines)].toSorted() : lines).join("\n") + end,
          ]),
        );
        const expected = told(await listing(files, { takesText: false }));
        expect(told(await listing(files, { part, takesText: false }))).toEqual(expected);
        const events = await listing(files, { part, takesText: true });
        expect(told(events)).toEqual(expected);
        texts += events.filter(({ kind }) => kind === "text").length;
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  expect(texts).toBeGreaterThan(200);
});
