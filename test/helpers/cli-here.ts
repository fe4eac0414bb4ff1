import { PassThrough } from "node:stream";
import { Output } from "../../src/cli/output.ts";
import { runProgram } from "../../src/cli/program.ts";
import type { CliResult } from "./cli.ts";

/** Runs the command line in this process, for what does not depend on a process of its own: a start costs more than most commands. */
export async function runCliHere(
  args: readonly string[],
  {
    cwd,
    env,
    signal = new AbortController().signal,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
): Promise<CliResult> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const [stdout, stderr] = [out.setEncoding("utf8").toArray(), err.setEncoding("utf8").toArray()];
  const code = await runProgram(args, {
    cwd,
    env,
    out: new Output(out as unknown as NodeJS.WriteStream),
    err: new Output(err as unknown as NodeJS.WriteStream),
    stdin: new PassThrough().end(),
    signal,
  });
  for (const stream of [out, err]) stream.end();
  return { code, stdout: (await stdout).join(""), stderr: (await stderr).join("") };
}
