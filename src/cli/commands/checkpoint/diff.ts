import type { Command } from "commander";
import type { AssetDifference, Snapshots } from "../../../engine/compare-states.ts";
import { type ExitCode } from "../../../engine/exit-code.ts";
import type { CheckpointReader } from "../../../engine/surface.ts";
import type { Verification } from "../../../engine/verify.ts";
import { TidemarkError } from "../../../model/errors.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples } from "../../help-text.ts";
import { fieldLine } from "../../views/human/change-lines.ts";
import { counted, type Look, safe } from "../../views/human/text.ts";
import { streamJson } from "../../views/json/envelope.ts";
import { showVerification, verified } from "../verify.ts";
import { chooseBackup, openTools, type Tools } from "./open-tools.ts";

interface DiffOptions {
  readonly from?: string;
  readonly to?: string;
}

export function defineDiff(command: Command, act: Act): void {
  const diff = command
    .command("diff")
    .argument("[assets...]", "only these assets: <space>.<technical name>")
    .description(
      "Shows how two moments of the state differ, asset by asset and field by field; without --from, how the target differs from the state. Writes nothing.",
    )
    .option("--from <moment>", "a generation, or a backup's file")
    .option("--to <moment>", "a generation, or a backup's file; without it the state as it is")
    .action(act<DiffOptions>(async (context, options, assets) => await diffStates(context, options, new Set(assets))));
  addExamples(
    diff,
    [
      ["tidemark checkpoint diff --from 41", "what changed since generation 41"],
      ["tidemark checkpoint diff --from 40 --to 41 SALES.Orders", "what one run changed in an asset"],
      ["tidemark checkpoint diff SALES.Orders", "the table against its checkpoint"],
    ],
    "A generation is told by the versions that the state keeps, else by a backup.\nExit codes: 0 no difference, 2 there are some.",
  );
}

async function diffStates(context: Context, { from, to }: DiffOptions, only: ReadonlySet<string>): Promise<ExitCode> {
  if (from === undefined && to === undefined) return await diffTarget(context, only);
  if (from === undefined) throw new TidemarkError("usage", "--to needs --from: the moment to compare it with.");
  const tools = await openTools(context);
  const { compareStates } = await import("../../../engine/compare-states.ts");
  await using reader = await tools.store.reader();
  const head = await reader.head();
  if (head === null)
    throw new TidemarkError("usage", `Pipeline ${tools.pipeline} has no state yet.`, { remedy: "The first `tidemark sync` makes it." });
  const [before, after] = [await momentOf(context, tools, reader, from), await momentOf(context, tools, reader, to)];
  let found = 0;
  const differences = async function* (): AsyncGenerator<readonly AssetDifference[]> {
    for await (const page of compareStates(before, after, head.scheme, only)) {
      found += page.length;
      yield page;
    }
  };
  if (context.global.json === true) await context.out.writeAll(streamJson({ pipeline: tools.pipeline, from, to: to ?? null, differences }));
  else await context.out.writeAll(differenceText(differences(), context.out));
  return found === 0 ? 0 : 2;
}

async function momentOf(context: Context, tools: Tools, reader: CheckpointReader, moment: string | undefined): Promise<Snapshots> {
  const { snapshotsAt, snapshotsIn, snapshotsNow } = await import("../../../engine/compare-states.ts");
  if (moment === undefined) return snapshotsNow(reader);
  if (!/^\d+$/.test(moment)) return snapshotsIn(await chooseBackup(context, tools, { file: moment }));
  try {
    return await snapshotsAt(reader, Number(moment));
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    const backup = await chooseBackup(context, tools, { generation: Number(moment) }).catch(() => null);
    if (backup === null) throw error;
    return snapshotsIn(backup);
  }
}

async function* differenceText(differences: AsyncIterable<readonly AssetDifference[]>, look: Look): AsyncGenerator<string> {
  const signs = { added: look.paint("green", "+"), removed: look.paint("red", "-"), changed: look.paint("yellow", "~") };
  let total = 0;
  for await (const page of differences) {
    for (const { asset_id, kind, fields } of page) {
      total++;
      yield [
        `${signs[kind]} ${safe(asset_id)}  ${look.paint("dim", kind)}`,
        ...fields.map((field) => `    ${fieldLine(field, look)}`),
        "",
      ].join("\n");
    }
  }
  yield `${total === 0 ? "No difference." : `${counted(total, "asset")} differ${total === 1 ? "s" : ""}.`}\n`;
}

/** The target against the state, of some assets or of all. */
async function diffTarget(context: Context, only: ReadonlySet<string>): Promise<ExitCode> {
  return await verified(
    context,
    async (found) => await showVerification(context, only.size === 0 ? found : await ofAssets(found, only), true),
  );
}

async function ofAssets(found: Verification, only: ReadonlySet<string>): Promise<Verification> {
  const drift = async function* (): ReturnType<Verification["drift"]> {
    for await (const page of found.drift()) yield page.filter(({ asset_id }) => only.has(asset_id));
  };
  const summary = { checkpoints: only.size, unchanged: 0, edited: 0, missing: 0, added: 0, kept: 0 };
  for await (const page of drift()) for (const { kind } of page) summary[kind]++;
  summary.unchanged = Math.max(0, only.size - summary.edited - summary.missing - summary.added - summary.kept);
  return { ...found, summary, drift };
}
