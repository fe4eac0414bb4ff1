import fc from "fast-check";
import { expect, test } from "vitest";
import { exportState } from "../engine/export-state.ts";
import type { AssetId } from "../model/asset.ts";
import type { StateHead } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { StateRecord } from "../model/state-record.ts";
import type { CheckpointLease, CheckpointReader } from "../ports/checkpoint-store.ts";
import { aCheckpoint, aFingerprint, aHead, anIntent, anOutcome, aReport } from "./checkpoint-builders.ts";
import type { StoreHarness } from "./store-harness.ts";
import { wholeState } from "./whole-state.ts";

/** One call to a lease, or the end of its process. */
type Command =
  | { readonly kind: "intend"; readonly ids: readonly AssetId[] }
  | {
      readonly kind: "record";
      readonly put: readonly AssetId[];
      readonly removed: readonly AssetId[];
      readonly ended: number;
      readonly version: number;
    }
  | { readonly kind: "refresh"; readonly ids: readonly AssetId[]; readonly version: number }
  | { readonly kind: "keep"; readonly kept: number }
  | { readonly kind: "commit"; readonly key: string; readonly value: Json; readonly report: boolean }
  | { readonly kind: "add run"; readonly run: string; readonly day: number }
  | { readonly kind: "prune"; readonly day: number; readonly keep: number }
  | { readonly kind: "replace" }
  | { readonly kind: "reopen"; readonly begin: boolean };

const KEYS = ["a", "b", "__proto__"];

const IDS = ["A.a", "A.b", "A.__proto__", "A.\uFFFD", "A.\u{1F600}", "B.a\u0000", "AB.a"];

const id = fc.constantFrom(...IDS);
const ids = fc.uniqueArray(id, { maxLength: 4 });
const version = fc.integer({ min: 1, max: 9 });

const day = fc.integer({ min: 1, max: 5 });

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("record" as const), put: ids, removed: ids, ended: fc.nat({ max: 2 }), version }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("intend" as const), ids }) },
  fc.record({ kind: fc.constant("refresh" as const), ids, version }),
  fc.record({ kind: fc.constant("keep" as const), kept: fc.nat({ max: 2 }) }),
  fc.record({
    kind: fc.constant("commit" as const),
    key: fc.constantFrom(...KEYS),
    value: fc.constantFrom(null, 1, "text", { list: [true] }),
    report: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("add run" as const), run: fc.constantFrom("run-a", "run-1"), day }),
  fc.record({ kind: fc.constant("prune" as const), day, keep: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant("replace" as const) }),
  fc.record({ kind: fc.constant("reopen" as const), begin: fc.boolean() }),
);

/** A store and the model, given the same random commands, tell the same after each of them: within a lease, and to a reader after it. */
export function storeEquivalence(
  name: string,
  options: {
    readonly makeModel: () => Promise<StoreHarness>;
    readonly make: () => Promise<StoreHarness>;
    readonly runs: number;
    /** Commands of a sequence at most; default 14. */
    readonly length?: number;
    /** Is called once all sequences were told alike. */
    readonly whenEqual?: () => void;
  },
): void {
  test(`${name} tells what the model tells after any sequence of calls`, { timeout: 120_000 + options.runs * 2_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommand, { maxLength: options.length ?? 14 }), async (commands) => {
        await using model = await options.makeModel();
        await using store = await options.make();
        expect(await history(store, commands)).toEqual(await history(model, commands));
      }),
      { numRuns: options.runs, seed: 20_260_304 },
    );
    options.whenEqual?.();
  });
}

function at(dayOfMarch: number): string {
  return `2026-03-0${dayOfMarch}T00:00:00.000Z`;
}

/** What a store tells after each command. */
async function history(harness: StoreHarness, commands: readonly Command[]): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  let lease = await harness.open().acquire();
  await lease.begin(aHead());
  for (const one of commands) {
    if (one.kind === "replace") {
      const records = (await Array.fromAsync(exportState(lease))).flat();
      await lease[Symbol.asyncDispose]();
      told.push(await replaced(harness, records));
      lease = await harness.open().acquire();
    } else if (one.kind === "reopen") {
      await lease[Symbol.asyncDispose]();
      await using reader = await harness.open().reader();
      told.push(await tellsAll(reader));
      lease = await harness.open().acquire();
      if (one.begin) told.push({ ...(await lease.begin(aHead())), format: 0 });
    } else {
      told.push(await carryOut(lease, one));
    }
    told.push(await tellsAll(lease));
  }
  await lease[Symbol.asyncDispose]();
  await using reader = await harness.open().reader();
  return [...told, await tellsAll(reader)];
}

/** Everything, and by name what is there of any name. */
async function tellsAll(reader: CheckpointReader): Promise<unknown> {
  const named = await reader.get(IDS);
  return { ...(await wholeState(reader, KEYS)), named: IDS.map((one) => named.get(one) ?? null) };
}

async function replaced(harness: StoreHarness, records: readonly StateRecord[]): Promise<StateHead> {
  const { head } = await harness.open().replace(
    (async function* () {
      yield records;
    })(),
  );
  return { ...head, format: 0 };
}

async function carryOut(lease: CheckpointLease, command: Exclude<Command, { kind: "reopen" | "replace" }>): Promise<unknown> {
  switch (command.kind) {
    case "intend":
      return lease.intend(command.ids.map((one) => anIntent(one)));
    case "record": {
      const open = await lease.intents();
      return lease.record([
        ...command.put.map((one) =>
          anOutcome(null, aCheckpoint(one, { version: command.version, ...(command.version % 3 === 0 ? { target: null } : {}) })),
        ),
        ...command.removed.map((one) => ({ seq: null, asset_id: one, checkpoint: null })),
        ...open.slice(0, command.ended).map((intent) => anOutcome(intent.seq, intent.pending ?? aCheckpoint(intent.asset_id))),
      ]);
    }
    case "refresh": {
      const entry = {
        raw: command.version === 1 ? null : { token: "t", basis: `basis-${command.version}` },
        fingerprint: aFingerprint(`${command.version}`),
        mapping: `mapping-${command.version}`,
      };
      return lease.refresh(command.ids.map((asset_id) => ({ asset_id, entry })));
    }
    case "keep":
      return lease.keep((await lease.intents()).slice(0, command.kept).map((intent) => ({ ...intent, limbo: intent.limbo + 1 })));
    case "add run":
      return lease.addRun(aReport(command.run, { started_at: at(command.day) }));
    case "prune":
      return lease.prune({ before: at(command.day), keep: command.keep });
    case "commit":
      return {
        ...(await lease.commit({
          head: aHead({ clean: true }),
          memory: new Map([[command.key, command.value]]),
          report: command.report ? aReport("run") : null,
        })),
        format: 0,
      };
  }
}
