import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Asset } from "../src/model/asset.ts";
import { SqliteStore } from "../src/stores/sqlite/index.ts";
import { aCheckpoint, aHead, aHistoryRecord } from "../src/testing/checkpoint-builders.ts";
import { derived, EDITS } from "./derived-assets.ts";

// What stored snapshots take, beside the same snapshots each gzipped by itself, and the CPU time that a write of an asset costs: the asset
// is recorded by the sqlite store with its version, its history and its line of the journal. Every asset is edited many times over.
const root = fileURLToPath(new URL("..", import.meta.url));
const ASSETS = Number(process.env["ASSETS"] ?? 300);
const TIMES = 16;

interface Stored {
  readonly snapshots: number;
  readonly versions: number;
  readonly created_us: number;
  readonly edited_us: number;
}

async function store(history: readonly (readonly Asset[])[], compress: boolean): Promise<Stored> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  try {
    const lock = { acquire: async () => ({ ok: true as const, release: async () => undefined }) };
    const lease = await new SqliteStore({ folder, lock, holder: () => ({ pid: 0, host: "", since: "" }), compress }).acquire();
    await lease.begin(aHead());
    const costs: number[] = [];
    for (const [edit, assets] of history.entries()) {
      const before = process.cpuUsage();
      for (let at = 0; at < assets.length; at += 100) {
        await lease.record(
          assets.slice(at, at + 100).map((snapshot) => {
            const checkpoint = { ...aCheckpoint(snapshot.id, { version: edit + 1 }), snapshot };
            return { seq: null, asset_id: snapshot.id, checkpoint, history: aHistoryRecord(snapshot.id, { run_id: `run-${edit}` }) };
          }),
        );
      }
      const { user, system } = process.cpuUsage(before);
      costs.push(Math.round((user + system) / assets.length));
    }
    await lease[Symbol.asyncDispose]();
    using database = new DatabaseSync(join(folder, "state.db"), { readOnly: true });
    const bytes = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
    const [created_us = 0, ...edited] = costs;
    return {
      snapshots: bytes("SELECT sum(coalesce(length(packed), 0) + length(CAST(snapshot AS BLOB))) FROM record"),
      versions: bytes("SELECT sum(length(CAST(snapshot AS BLOB))) FROM past"),
      created_us,
      edited_us: edited.toSorted((a, b) => a - b)[edited.length >> 1] ?? 0,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bytes of these assets as JSON, each gzipped by itself, and as they are stored. */
function compared(assets: readonly Asset[], stored: number) {
  const texts = assets.map((asset) => JSON.stringify(asset));
  const gzip = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  const json = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { assets: assets.length, json, gzip, stored, times_smaller_than_gzip: Math.round((gzip / stored) * 100) / 100 };
}

const results = [];
const first = Array.from({ length: ASSETS }, (_, n) => derived(n));
for (const kind of ["content", "schema", "metadata"] as const) {
  const history: (readonly Asset[])[] = [first];
  for (let time = 1; time <= TIMES; time++) history.push((history.at(-1) ?? []).map((asset, i) => EDITS[kind](asset, time * 1_009 + i)));
  const [packed, text] = [await store(history, true), await store(history, false)];
  const snapshots = compared(history.at(-1) ?? [], packed.snapshots);
  const versions = compared(history.slice(0, -1).flat(), packed.versions);
  const cpu_us_per_asset = {
    created: { packed: packed.created_us, as_text: text.created_us },
    edited: { packed: packed.edited_us, as_text: text.edited_us },
  };
  results.push({ edits: kind, snapshots, versions, cpu_us_per_asset });
  process.stdout.write(
    `${kind.padEnd(8)} snapshots ${snapshots.times_smaller_than_gzip} x, versions ${versions.times_smaller_than_gzip} x smaller than gzip; ` +
      `CPU of a created asset ${packed.created_us} µs (as text ${text.created_us}), of an edited one ${packed.edited_us} µs (as text ${text.edited_us})\n`,
  );
}
const result = {
  command: "node bench/snapshots.ts",
  commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim(),
  node: process.version,
  edits_of_each_asset: TIMES,
  results,
};
writeFileSync(`${root}/bench/results/snapshots.json`, `${JSON.stringify(result, null, 2)}\n`);
