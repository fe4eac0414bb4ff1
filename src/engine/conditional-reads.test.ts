import { expect, test } from "vitest";
import { aMemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import type { Wanted } from "../model/listing.ts";
import type { Source } from "../ports/source.ts";
import { anAsset } from "../testing/builders.ts";
import type { RunOptions } from "./parts.ts";
import { sync } from "./sync.ts";

/** A source whose listing proves nothing, and which is asked for each asset with the token that is known of it. */
function conditional(source: Source, asked: (string | undefined)[]): Source {
  return {
    ...source,
    async *list(options) {
      for await (const event of source.list(options))
        yield event.kind === "listed" ? { ...event, items: event.items.map((item) => ({ ...item, token: null })) } : event;
    },
    async *read(items: readonly Wanted[], options) {
      for (const item of items) {
        asked.push(item.known);
        for await (const result of source.read([item], options)) {
          if (result.kind === "asset" && item.known === `tag of ${result.asset.content.business_name}`)
            yield { kind: "unchanged", id: item.id };
          else yield result.kind === "asset" ? { ...result, token: `tag of ${result.asset.content.business_name}` } : result;
        }
      }
    },
  };
}

test("an asset that its source calls unchanged is neither read nor written, and stays what it was", async () => {
  const asset = anAsset({ name: "ORDERS", business_name: "Orders" });
  const pipeline = aMemoryPipeline([asset]);
  const asked: (string | undefined)[] = [];
  const run = async (options: Partial<RunOptions> = {}) => {
    const parts = pipeline.parts();
    return (await sync({ ...parts, source: conditional(parts.source, asked) }, { signal: NEVER, ...options })).summary;
  };
  expect(await run()).toMatchObject({ created: 1 });
  expect(await run()).toMatchObject({ unchanged: 1, created: 0, modified: 0 });
  expect(await run()).toMatchObject({ unchanged: 1 });
  expect(asked).toEqual([undefined, "tag of Orders", "tag of Orders"]);
  expect((await pipeline.checkpoints())[0]).toMatchObject({ raw: { token: "tag of Orders" }, sync_version: 1 });

  pipeline.tenant.put({ ...asset, content: { ...asset.content, business_name: "Sales orders" } });
  expect(await run()).toMatchObject({ modified: 1 });
  expect(await run({ full_read: true })).toMatchObject({ unchanged: 1 });
  expect(asked.slice(3)).toEqual(["tag of Orders", undefined]);
});
