import { expect, test } from "vitest";
import { faultedTenantSyncs, TENANT_FAULTS } from "./faulted-tenant-sync.ts";

const ALL = process.env["EVERY_FAULT"] !== undefined;

test("there are at least 24 faults", () => {
  expect(TENANT_FAULTS.length).toBeGreaterThanOrEqual(24);
});

test.each(TENANT_FAULTS.map((fault, number) => [fault.fault, fault, number] as const))(
  "%s, on whichever request of a sync of twenty assets: no wrong deletion, no silent success",
  async (_name, fault, number) => {
    // Each fault has its own sample; EVERY_FAULT=1 takes every request.
    const isSampled = (at: number, of: number): boolean => of < 4 || at % (of < 17 ? 4 : 19) === number % (of < 17 ? 4 : 19);
    const { struck, findings } = await faultedTenantSyncs(fault, (at, of) => ALL || isSampled(at, of));
    expect(findings).toEqual([]);
    expect(struck).toBeGreaterThan(0);
  },
  600_000,
);
