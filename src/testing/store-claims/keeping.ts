import { expect } from "vitest";
import { rawNumber } from "../../model/json.ts";
import { aCheckpoint, aFingerprint, aHead, anAcknowledgement, anOutcome } from "../checkpoint-builders.ts";
import { type Claim, withState } from "../store-harness.ts";

/** What is stored comes back, and only what was meant to change does. */
export function keeping(claim: Claim): void {
  claim("a checkpoint comes back as it was stored, in a new process too", async (harness) => {
    const plain = aCheckpoint("SALES.Orders");
    const rich = aCheckpoint("SALES.Items", {
      raw: null,
      fingerprint: { scheme: "scheme-2", content: null, schema: "s", metadata: null },
      target: anAcknowledgement("SALES.Items", {
        document: {
          "": [null, true, ""],
          nested: { deep: [[[]]] },
          ...Object.fromEntries([["__proto__", { polluted: "no" }]]),
          lone: "\ud800",
          exact: [rawNumber("1.0"), rawNumber("12345678901234567890123"), -7],
        },
        revision: "\u2028",
      }),
      tombstone: { generation: 7, confirmations: 2 },
      decisions: [{ path: "/content/description", policy: "target_wins", source: "a", target: "b" }],
    });
    const unacknowledged = aCheckpoint("SALES.New", { target: null });
    await withState(harness, (lease) => lease.record([plain, rich, unacknowledged].map((checkpoint) => anOutcome(null, checkpoint))));
    await using reader = await harness.open().reader();
    expect(await reader.get(["SALES.Orders", "SALES.Items", "SALES.New", "SALES.None"])).toEqual(
      new Map([
        ["SALES.Orders", plain],
        ["SALES.Items", rich],
        ["SALES.New", unacknowledged],
      ]),
    );
    expect((await Array.fromAsync(reader.entries())).flat()).toEqual([
      {
        asset_id: "SALES.Items",
        raw: null,
        fingerprint: rich.fingerprint,
        ref: "place of SALES.Items",
        mapping: "mapping-1",
        tombstone: rich.tombstone,
      },
      {
        asset_id: "SALES.New",
        raw: unacknowledged.raw,
        fingerprint: unacknowledged.fingerprint,
        ref: null,
        mapping: null,
        tombstone: null,
      },
      {
        asset_id: "SALES.Orders",
        raw: plain.raw,
        fingerprint: plain.fingerprint,
        ref: "place of SALES.Orders",
        mapping: "mapping-1",
        tombstone: null,
      },
    ]);
  });

  claim("what a lease recorded, renewed or removed is what it reads next, whatever it read before", async (harness) => {
    const [orders, items, ledger] = ["SALES.Orders", "SALES.Items", "FINANCE.Ledger"] as const;
    await withState(harness, async (lease) => {
      await lease.record([orders, items, ledger].map((id) => anOutcome(null, aCheckpoint(id))));
      await lease.get([orders, items, ledger]);
      const { raw, fingerprint } = aCheckpoint(ledger, { version: 3 });
      await lease.record([anOutcome(null, aCheckpoint(orders, { version: 2 })), { seq: null, asset_id: items, checkpoint: null }]);
      await lease.refresh([{ asset_id: ledger, entry: { raw, fingerprint, mapping: null } }]);
      expect(await lease.get([orders, items, ledger])).toEqual(
        new Map([
          [orders, aCheckpoint(orders, { version: 2 })],
          [ledger, aCheckpoint(ledger, { raw, fingerprint })],
        ]),
      );
    });
  });

  claim("a checkpoint is replaced, removed, or left as it is, as its outcome says", async (harness) => {
    await withState(harness, async (lease) => {
      await lease.record(["A", "B", "C"].map((table) => anOutcome(null, aCheckpoint(`SALES.${table}`))));
      await lease.record([
        anOutcome(null, aCheckpoint("SALES.A", { version: 2 })),
        { seq: null, asset_id: "SALES.B", checkpoint: null },
        { seq: null, asset_id: "SALES.C", checkpoint: undefined },
      ]);
    });
    await using reader = await harness.open().reader();
    expect((await Array.fromAsync(reader.checkpoints())).flat()).toEqual([aCheckpoint("SALES.A", { version: 2 }), aCheckpoint("SALES.C")]);
    expect(await reader.count()).toBe(2);
  });

  claim("outcomes of one asset count in the order in which they are recorded", async (harness) => {
    await withState(harness, (lease) =>
      lease.record([
        anOutcome(null, aCheckpoint("SALES.A")),
        { seq: null, asset_id: "SALES.A", checkpoint: null },
        anOutcome(null, aCheckpoint("SALES.A", { version: 3 })),
      ]),
    );
    await using reader = await harness.open().reader();
    expect((await reader.get(["SALES.A"])).get("SALES.A")?.sync_version).toBe(3);
    expect(await reader.count()).toBe(1);
  });

  claim("a refresh renews what is known of the source and nothing else", async (harness) => {
    const entry = { raw: { token: "new", basis: "basis-2" }, fingerprint: aFingerprint("new"), mapping: "mapping-2" };
    const unacknowledged = aCheckpoint("SALES.New", { target: null });
    await withState(harness, async (lease) => {
      await lease.record([
        anOutcome(null, aCheckpoint("SALES.A")),
        anOutcome(null, aCheckpoint("SALES.B")),
        anOutcome(null, unacknowledged),
      ]);
      await lease.refresh(["SALES.A", "SALES.None", "SALES.New"].map((asset_id) => ({ asset_id, entry })));
    });
    await using reader = await harness.open().reader();
    const { raw, fingerprint } = entry;
    expect((await Array.fromAsync(reader.checkpoints())).flat()).toEqual([
      aCheckpoint("SALES.A", { raw, fingerprint, target: anAcknowledgement("SALES.A", { mapping: "mapping-2" }) }),
      aCheckpoint("SALES.B"),
      { ...unacknowledged, raw, fingerprint },
    ]);
  });

  claim("a name that UTF-8 cannot hold is refused before anything is stored, and not found", async (harness) => {
    await using lease = await harness.open().acquire();
    await lease.begin(aHead());
    await expect(
      lease.record([anOutcome(null, aCheckpoint("SALES.A")), anOutcome(null, aCheckpoint("SALES.\ud800"))]),
    ).rejects.toMatchObject({ code: "value_unrepresentable" });
    expect(await lease.count()).toBe(0);
    await lease.record([anOutcome(null, aCheckpoint("SALES.\ufffd"))]);
    expect(await lease.get(["SALES.\ud800"])).toEqual(new Map());
  });
}
