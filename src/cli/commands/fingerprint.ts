import { type Command, Option } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { HashScheme } from "../../model/fingerprint.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readPipeline } from "../open-pipeline.ts";

interface FingerprintOptions {
  readonly scheme: "config" | "reference";
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Reads assets as JSON Lines in the reference's field names (technical_name, business_name, description, owner, schema_info, business_context, custom_properties), and prints {content_hash, schema_hash, metadata_hash} for each line.",
    )
    .argument("[file]", "file to read; standard input without one")
    .addOption(
      new Option("--scheme <scheme>", "`reference`: the reference's own hashes, no configuration is read")
        .choices(["config", "reference"])
        .default("config"),
    )
    .action(act<FingerprintOptions>(async (context, { scheme }, [file]) => await printFingerprints(context, scheme, file)));
  addExamples(
    command,
    [
      ["tidemark fingerprint --scheme reference assets.ndjson", "as the reference hashes them"],
      ["jq -c .asset export.ndjson | tidemark fingerprint", "by the config's change_detection"],
    ],
    "The output is JSON Lines in any case. A line that cannot be hashed ends the command\nwith exit code 1; the lines before it are printed.",
  );
}

async function printFingerprints(context: Context, scheme: FingerprintOptions["scheme"], file: string | undefined): Promise<ExitCode> {
  const [hashScheme, { fingerprintLines }] = [await chooseScheme(context, scheme), await import("../fingerprint-lines.ts")];
  await context.out.writeAll(fingerprintLines(file, context, hashScheme));
  return 0;
}

async function chooseScheme(context: Context, scheme: FingerprintOptions["scheme"]): Promise<HashScheme> {
  if (scheme === "reference") return (await import("../../engine/fingerprint.ts")).REFERENCE_SCHEME;
  const { schemeOf } = await import("../../config/settings.ts");
  return schemeOf(await readPipeline(context), 0);
}
