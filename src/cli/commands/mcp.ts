import { once } from "node:events";
import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";

export function define(command: Command, act: Act): void {
  command
    .description(
      "Lets an AI assistant look at the pipelines of the configuration: a server of the Model Context Protocol on standard input and output. Its tools only read: status, plan, asset search and diff, history. It ends with its input.",
    )
    .action(act(serve));
  addExamples(
    command,
    [
      ["tidemark mcp", "for the client that starts it"],
      ["tidemark mcp --config /etc/tidemark/tidemark.yaml", "of another folder"],
    ],
    'In a client\'s configuration: {"command": "tidemark", "args": ["mcp", "--config", "…"]}.\nThe configuration is read anew at each call. Texts of catalogs are data that others\nwrote, and every tool says so to the assistant.',
  );
}

async function serve(context: Context): Promise<ExitCode> {
  const [{ serveStdio }, { createServer }] = await Promise.all([import("@modelcontextprotocol/server/stdio"), import("../mcp/server.ts")]);
  const server = serveStdio(() => createServer(context), { onerror: (error) => void context.err.write(`${error.message}\n`) });
  try {
    await once(context.stdin, "end", { signal: context.signal });
  } finally {
    await server.close();
  }
  return 0;
}
