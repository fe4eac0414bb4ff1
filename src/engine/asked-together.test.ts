import { expect, test } from "vitest";
import { aMemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import { anAsset } from "../testing/builders.ts";
import { preview } from "./preview.ts";
import { sync } from "./sync.ts";

test("a plan that looks at tables asks source and target at once", async () => {
  const asset = anAsset({ name: "ORDERS", business_name: "Orders" });
  const pipeline = aMemoryPipeline([asset]);
  await sync(pipeline.parts(), { signal: NEVER });
  pipeline.tenant.put({ ...asset, content: { ...asset.content, business_name: "Sales orders" } });

  const { source, target, ...parts } = pipeline.parts();
  const looked = Promise.withResolvers<void>();
  await using plan = await preview(
    {
      ...parts,
      // Reads nothing until the target was asked: one after the other would never end.
      source: {
        ...source,
        async *read(items, options) {
          await looked.promise;
          yield* source.read(items, options);
        },
      },
      target: {
        ...target,
        async observe(refs, options) {
          looked.resolve();
          return await target.observe(refs, options);
        },
      },
    },
    { signal: NEVER },
  );
  expect(plan.summary).toMatchObject({ modified: 1 });
});
