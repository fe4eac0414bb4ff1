// oxlint-disable vitest/no-standalone-expect -- the stories that the property plays make the assertions
import type { TableInput } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import type { Asset } from "../../src/model/asset.ts";
import type { Table } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { aGluePipeline } from "../helpers/glue-pipeline.ts";
import { recordResult } from "../processes/campaign-result.ts";

const TEXTS = ["one", "two", "three", "four"];
const ROUNDS = 6;

/** One asset, its table and what people keep on that table: one interleaving of updates and edits. */
class Story {
  readonly name: string;
  readonly #rng: Rng;
  asset: Asset;
  /** What people left that is not what we wrote; null for a text that they cleared. */
  #description: { readonly text: string | null } | null = null;
  readonly #comments = new Map<string, string>();
  readonly #parameters = new Map<string, string>();
  readonly #columns = new Map<string, string>();
  #location: string | null = null;
  #written: Table | null = null;

  constructor(n: number) {
    this.name = `t${n}`;
    this.#rng = new Rng(23, n);
    this.asset = this.#drawAsset();
  }

  /** The source moves. */
  update(): void {
    this.asset = this.#drawAsset();
  }

  #drawAsset(): Asset {
    const names = ["A", "B", ...(this.#rng.chance(0.7) ? ["C"] : [])];
    const columns = names.map((name) => aColumn(name, this.#rng.pick(["cds.Integer", "cds.Date"])));
    const labels = Object.fromEntries(names.map((name) => [name, { label: this.#rng.pick(TEXTS) }]));
    return anAsset({ name: this.name, business_name: this.#rng.pick(TEXTS), columns, custom_properties: { columns: labels } });
  }

  /** Somebody edits the table: the input of the update that does it. */
  edit(live: Table): TableInput {
    const { Name, Description, Owner, TableType, Parameters, StorageDescriptor, PartitionKeys } = live;
    const columns = StorageDescriptor?.Columns ?? [];
    const input: TableInput = {
      Name,
      Description,
      Owner,
      TableType,
      Parameters: { ...Parameters },
      StorageDescriptor: { ...StorageDescriptor } as never,
      PartitionKeys: PartitionKeys as never,
    };
    const text = this.#rng.pick(TEXTS);
    const key = this.#rng.pick(["x", "y"]);
    const withColumns = (changed: readonly object[]): TableInput => ({
      ...input,
      StorageDescriptor: { ...input.StorageDescriptor, Columns: changed as never },
    });
    switch (this.#rng.pick(["describe", "clear", "comment", "parameter", "unset", "column", "crawl"])) {
      case "describe":
        this.#description = text === this.#written?.Description ? null : { text };
        return { ...input, Description: text };
      case "clear":
        this.#description = { text: null };
        return { ...input, Description: "" };
      case "comment": {
        const own = this.#written?.StorageDescriptor?.Columns?.find((column) => column.Name === "a");
        if (text === own?.Comment) this.#comments.delete("a");
        else this.#comments.set("a", text);
        return withColumns(columns.map((column) => (column.Name === "a" ? { ...column, Comment: text } : column)));
      }
      case "parameter":
        this.#parameters.set(key, text);
        return { ...input, Parameters: { ...input.Parameters, [key]: text } };
      case "unset": {
        this.#parameters.delete(key);
        const { [key]: _gone, ...others } = input.Parameters ?? {};
        return { ...input, Parameters: others };
      }
      case "column":
        this.#columns.set(`extra_${key}`, text);
        return withColumns([
          { Name: `extra_${key}`, Type: "int", Comment: text },
          ...columns.filter((column) => column.Name !== `extra_${key}`),
        ]);
      default: {
        // A crawler sets types and storage anew, knows nothing of column parameters, and counts rows.
        this.#location = `s3://bucket/${text}`;
        this.#parameters.set("recordCount", text);
        const { Parameters: parameters } = input;
        const crawled = withColumns(
          columns.map(({ Parameters: _lost, ...column }) => ({
            ...column,
            Type: column.Name?.startsWith("extra") ? column.Type : "string",
          })),
        );
        return {
          ...crawled,
          Parameters: { ...parameters, recordCount: text },
          StorageDescriptor: { ...crawled.StorageDescriptor, Location: this.#location },
        };
      }
    }
  }

  /** After a run: nobody's value is lost, none that was taken away is back. */
  check(live: Table): void {
    const { Parameters = {}, StorageDescriptor, Description } = live;
    const foreign = Object.entries(Parameters).filter(
      ([name]) => !name.startsWith("tidemark.") && name !== "EXTERNAL" && name !== "classification",
    );
    expect(Object.fromEntries(foreign)).toEqual(Object.fromEntries(this.#parameters));
    const columns = StorageDescriptor?.Columns ?? [];
    const extra = columns.filter(({ Name }) => Name.startsWith("extra")).map(({ Name, Comment }) => [Name, Comment]);
    expect(Object.fromEntries(extra)).toEqual(Object.fromEntries(this.#columns));
    expect(StorageDescriptor?.Location ?? null).toBe(this.#location);
    const { business_name } = this.asset.content;
    expect(Description || null).toBe(this.#description === null ? business_name : this.#description.text);
    if (Description === business_name) this.#description = null;
    const label = (this.asset.metadata.custom_properties["columns"] as { readonly A: { readonly label: string } }).A.label;
    const comment = columns.find(({ Name }) => Name === "a")?.Comment;
    expect(comment).toBe(this.#comments.get("a") ?? label);
    if (comment === label) this.#comments.delete("a");
    expect(columns.filter(({ Name }) => !Name.startsWith("extra")).map(({ Name }) => Name)).toEqual(
      this.asset.schema.columns.map(({ name }) => name.toLowerCase()),
    );
    expect(Parameters["tidemark.business_name"]).toBe(business_name);
    this.#written = {
      ...live,
      Description: business_name ?? "",
      StorageDescriptor: {
        ...StorageDescriptor,
        Columns: columns.map((column) => (column.Name === "a" ? { ...column, Comment: label } : column)),
      },
    };
  }

  /** After a run that reconciled: the structure is the source's again. */
  checkStructure({ StorageDescriptor }: Table): void {
    const types = new Map(StorageDescriptor?.Columns?.map(({ Name, Type }) => [Name, Type]));
    for (const { name, type } of this.asset.schema.columns)
      expect(types.get(name.toLowerCase())).toBe(type === "cds.Date" ? "date" : "int");
  }

  get turn(): Rng {
    return this.#rng;
  }
}

const INTERLEAVINGS = Number(process.env["INTERLEAVINGS"] ?? 500);

/** What was played. */
interface Played {
  runs: number;
  updates: number;
  edits: number;
}

async function playAll(played: Played): Promise<void> {
  const pipeline = await aGluePipeline({ settings: { max_parallel_jobs: 8 } });
  const stories = Array.from({ length: INTERLEAVINGS }, (_, n) => new Story(n));
  const tables = (): ReadonlyMap<string, Table> => new Map(pipeline.sandbox.tables("dsp_sales").map((table) => [table.Name, table]));
  const tableOf = (all: ReadonlyMap<string, Table>, { name }: Story): Table => all.get(name) as Table;
  async function run(reconcile: boolean): Promise<void> {
    played.runs++;
    for (const story of stories) pipeline.tenant.put(story.asset);
    expect((await pipeline.sync({ reconcile })).status).toBe("succeeded");
    const all = tables();
    for (const story of stories) story.check(tableOf(all, story));
    if (reconcile) for (const story of stories) story.checkStructure(tableOf(all, story));
  }
  await run(false);
  for (let round = 1; round < ROUNDS; round++) {
    for (let edits = 0; edits < 2; edits++) {
      const all = tables();
      for (const story of stories) {
        if (!story.turn.chance(0.3)) continue;
        played.edits++;
        await pipeline.glue.updateTable({ DatabaseName: "dsp_sales", TableInput: story.edit(tableOf(all, story)) });
      }
    }
    for (const story of stories) {
      if (!story.turn.chance(0.4)) continue;
      played.updates++;
      story.update();
    }
    await run(round % 2 === 0);
  }
  await run(true);
  pipeline.sandbox.reset({ counts: true });
  await run(false);
  await run(true);
  expect(pipeline.sandbox.counts().writes).toBe(0);
  expect((await pipeline.verify()).summary).toMatchObject({ edited: 0, missing: 0, added: 0 });
}

test(
  `in ${INTERLEAVINGS} interleavings of updates and foreign edits no value of others is lost, none comes back, and a run at rest writes nothing`,
  { timeout: 3_600_000 },
  async () => {
    const played: Played = { runs: 0, updates: 0, edits: 0 };
    const started = performance.now();
    const failure = await playAll(played).then(
      () => null,
      (error: unknown) => error as Error,
    );
    // The ordinary number is no campaign.
    if (process.env["INTERLEAVINGS"] !== undefined) {
      recordResult("campaign-interleavings", {
        command: `INTERLEAVINGS=${INTERLEAVINGS} npx vitest run test/properties/interleavings.prop.test.ts`,
        interleavings: INTERLEAVINGS,
        ...played,
        findings: failure === null ? [] : [failure.message],
        seconds: Math.round((performance.now() - started) / 1_000),
      });
    }
    if (failure !== null) throw failure;
    expect(played.runs).toBe(ROUNDS + 3);
  },
);
