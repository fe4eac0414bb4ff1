import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import type { DemoAudience, DemoOptions } from "../demo/run-demo.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { openProgress } from "../progress.ts";

export function define(command: Command, act: Act): void {
  command
    .description(
      "Shows a sync on sample data: a simulated tenant goes into a simulated Glue, both on this machine; then parts of it change. Leaves nothing behind.",
    )
    .option("--assets <n>", "assets of the sample tenant", wholeNumber(20), 1000)
    .option("--seed <n>", "another seed makes another tenant", wholeNumber(0), 1)
    .action(act(demonstrate));
  addExamples(command, [
    ["tidemark demo", "1,000 assets, in less than a minute"],
    ["tidemark demo --assets 5000", "a larger tenant"],
    ["tidemark demo --json", "the measured numbers, for programs"],
  ]);
}

async function demonstrate(context: Context, options: DemoOptions): Promise<ExitCode> {
  const { global, out, env, signal } = context;
  const [{ runDemo }, view] = await Promise.all([import("../demo/run-demo.ts"), import("../views/human/demo.ts")]);
  const tell = async (text: string): Promise<void> => {
    if (global.json !== true && global.quiet !== true) await out.write(text);
  };
  const audience: DemoAudience = {
    ready: (addresses) => tell(view.openingText(options, addresses)),
    open: () => openProgress(context),
    done: (run) => tell(view.runText(run, out)),
  };
  const runs = await runDemo(options, audience, signal).catch((error: unknown) => {
    throw signal.aborted
      ? new TidemarkError("interrupted", "The demo was interrupted. It left nothing behind.", { remedy: "Run it again: it begins anew." })
      : error;
  });
  if (global.json === true) {
    const [{ resultJson }, { demoJson }] = await Promise.all([import("../views/json/envelope.ts"), import("../views/json/demo.ts")]);
    await out.write(resultJson(demoJson(options, runs)));
  } else {
    await out.write(
      view.closingText(options, runs, out, { command: env["npm_lifecycle_event"] === "start" ? "bin/tidemark" : "tidemark" }),
    );
  }
  return 0;
}
