import { targetConformance, type TargetHarness } from "../../testing/target-conformance.ts";
import { MemoryCatalog, type MemoryTable } from "./memory-catalog.ts";
import { createMemoryTarget } from "./memory-target.ts";

targetConformance("the memory target", async (): Promise<TargetHarness> => {
  const catalog = new MemoryCatalog();
  const edit = async (ref: string, change: (table: MemoryTable) => Partial<MemoryTable>): Promise<void> =>
    catalog.edit(ref, (table) => ({ ...table, ...change(table) }));
  return {
    open: () => createMemoryTarget({ catalog }),
    people: {
      see: async (ref) => {
        const table = catalog.read(ref)?.table;
        if (table === undefined) return null;
        // Names in this target are the source's own.
        const comments = Object.fromEntries(Object.entries(table.comments).map(([name, text]) => [name.toLowerCase(), text]));
        return { description: table.description, comments, parameters: table.parameters };
      },
      make: (ref, table) => edit(ref, () => table),
      describe: (ref, description) => edit(ref, () => ({ description })),
      comment: (ref, column, text) => edit(ref, ({ comments }) => ({ comments: { ...comments, [column.toUpperCase()]: text } })),
      setParameter: (ref, name, value) => edit(ref, ({ parameters }) => ({ parameters: { ...parameters, [name]: value } })),
      damage: (ref) => edit(ref, ({ asset }) => ({ asset: asset && { ...asset, schema: { ...asset.schema, columns: [] } } })),
      drop: async (ref) => catalog.drop(ref),
    },
    writes: () => catalog.writes,
    [Symbol.asyncDispose]: async () => undefined,
  };
});
