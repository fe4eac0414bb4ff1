import { expect, test } from "vitest";
import type { DeleteRequest, Observed } from "../../ports/target.ts";
import type { GlueParts } from "./glue-parts.ts";
import type { TableReader } from "./observe-tables.ts";
import { removeTables } from "./remove-tables.ts";

const mark = { lineage: "one", pipeline: "sales" };
const { signal } = new AbortController();

/** A catalog in which all tables are ours and marked, and whose batch deletion tells these errors inside. */
function answering(errors: readonly (readonly [table: string, code: string])[]): {
  readonly parts: GlueParts;
  readonly reader: Pick<TableReader, "observe">;
  readonly deleted: (readonly string[])[];
} {
  const deleted: (readonly string[])[] = [];
  const glue = {
    batchDeleteTable: ({ TablesToDelete }: { readonly TablesToDelete: readonly string[] }) => {
      deleted.push(TablesToDelete);
      return Promise.resolve({
        Errors: errors.map(([TableName, ErrorCode]) => ({ TableName, ErrorDetail: { ErrorCode, ErrorMessage: `about ${TableName}` } })),
      });
    },
  };
  const calls = {
    write: async (call: (api: typeof glue, options: object) => Promise<unknown>) => ({ ok: true, value: await call(glue, {}) }),
  };
  const present = (ref: string): Observed => ({
    state: "present",
    ref,
    revision: "1",
    document: { Name: ref },
    mark: { ...mark, asset_id: ref, fingerprint: "", tombstone: 1 },
    fingerprint: "",
  });
  return {
    parts: { calls, catalogId: undefined, deleteEmptyDatabases: false } as unknown as GlueParts,
    reader: { observe: (refs: readonly string[]) => Promise.resolve(new Map(refs.map((ref) => [ref, present(ref)]))) },
    deleted,
  };
}

const requestFor = (ref: string): DeleteRequest => ({ mark, asset_id: ref, ref, base: null, generation: 1 });

test("what a batch tells of single tables becomes the answer for each: gone, refused, or not known", async () => {
  const { parts, reader } = answering([
    ["A", "EntityNotFoundException"],
    ["b", "AccessDeniedException"],
    ["c", "ThrottlingException"],
    ["d", "InternalServiceException"],
    ["e", "SomethingNew"],
  ]);
  const answers = await removeTables(parts, reader, ["s.a", "s.b", "s.c", "s.d", "s.e", "s.f"].map(requestFor), signal);
  expect(answers.map((answer) => [answer.status, "again" in answer ? answer.again : undefined])).toEqual([
    ["applied", undefined],
    ["refused", false],
    ["refused", true],
    ["unknown", undefined],
    ["unknown", undefined],
    ["applied", undefined],
  ]);
  expect(answers[1]).toMatchObject({ problem: { asset_id: "s.b", message: expect.stringContaining("about b") as string } });
});

test("no call deletes more than a hundred tables, nor those of two databases", async () => {
  const { parts, reader, deleted } = answering([]);
  const refs = [...Array.from({ length: 250 }, (_, n) => `s.t${n}`), "hr.a", "hr.b"];
  await removeTables(parts, reader, refs.map(requestFor), signal);
  expect(deleted.map((names) => names.length)).toEqual([100, 100, 50, 2]);
});
