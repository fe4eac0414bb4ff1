import { TidemarkError } from "../model/errors.ts";
import { Output } from "./output.ts";
import { runProgram } from "./program.ts";

/** Runs the command line of a process: its streams, its signals. Resolves to the exit code. */
export async function runProcess(args: readonly string[], host: NodeJS.Process): Promise<number> {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // A progress bar hides the cursor, and can no longer show it again itself.
      if (host.stderr.isTTY) host.stderr.write("\u001b[?25h");
      host.exit(130);
    }
    controller.abort(
      new TidemarkError("interrupted", `Interrupted by ${signal}.`, { remedy: "Run again: it goes on where this one stopped." }),
    );
  };
  host.on("SIGINT", interrupt);
  host.on("SIGTERM", interrupt);
  try {
    return await runProgram(args, {
      cwd: host.cwd(),
      env: host.env,
      out: new Output(host.stdout),
      err: new Output(host.stderr),
      stdin: host.stdin,
      signal: controller.signal,
    });
  } finally {
    host.off("SIGINT", interrupt);
    host.off("SIGTERM", interrupt);
  }
}
