import { anAsset } from "../../testing/builders.ts";
import { sourceConformance, type SourceHarness } from "../../testing/source-conformance.ts";
import { createMemorySource, MemoryTenant } from "./memory-source.ts";

for (const tokens of [true, false]) {
  sourceConformance(tokens ? "the memory source" : "the memory source without tokens", async (): Promise<SourceHarness> => {
    const tenant = new MemoryTenant();
    return {
      open: () => createMemorySource({ tenant, tokens }),
      async put(space, name, businessName) {
        const asset = anAsset({ space, name, business_name: businessName });
        tenant.put(asset);
        return asset;
      },
      remove: async (id) => tenant.delete(id),
      addSpace: async (space) => tenant.addSpace(space),
      dropSpace: async (space) => tenant.deleteSpace(space),
      hideSpace: async (space) => void tenant.unreadable.set(space, "it is locked"),
      spoil: async (id) => void tenant.broken.set(id, "it is garbled"),
      [Symbol.asyncDispose]: async () => undefined,
    };
  });
}
