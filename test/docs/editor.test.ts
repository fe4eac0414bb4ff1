import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { root } from "./page.ts";

/** The server that editors run for YAML, spoken to as an editor does. */
class LanguageServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #diagnosed = new Map<string, (found: readonly Diagnostic[]) => void>();
  #buffer = Buffer.alloc(0);
  #id = 0;

  constructor() {
    this.#process = spawn(process.execPath, [join(root, "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]);
    this.#process.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    onTestFinished(() => void this.#process.kill());
  }

  async start(): Promise<void> {
    await this.ask("initialize", { processId: null, rootUri: null, capabilities: {} });
    this.#send({ method: "initialized", params: {} });
  }

  /** Opens a text, and resolves to what the editor would underline. */
  open(uri: string, text: string): Promise<readonly Diagnostic[]> {
    const diagnosed = new Promise<readonly Diagnostic[]>((resolve) => this.#diagnosed.set(uri, resolve));
    this.#send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
    return diagnosed;
  }

  ask<Result>(method: string, params: object): Promise<Result> {
    const id = ++this.#id;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve as (result: unknown) => void));
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, Math.max(head, 0)).toString())?.[1] ?? Number.NaN);
      if (head < 0 || this.#buffer.length < head + 4 + length) return;
      this.#take(JSON.parse(this.#buffer.subarray(head + 4, head + 4 + length).toString()) as Message);
      this.#buffer = this.#buffer.subarray(head + 4 + length);
    }
  }

  #take({ id, method, params, result }: Message): void {
    if (method === "textDocument/publishDiagnostics") this.#diagnosed.get(params?.uri ?? "")?.(params?.diagnostics ?? []);
    // What the server asks of the editor (settings, registrations) is answered with nothing.
    else if (method !== undefined && id !== undefined) this.#send({ id, result: method === "workspace/configuration" ? [] : null });
    else if (id !== undefined) this.#waiting.get(id)?.(result);
  }
}

interface Diagnostic {
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly message: string;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly Diagnostic[] };
  readonly result?: unknown;
}

test("an editor knows the keys of the file that init writes: it underlines mistakes at their line, and offers what may stand there", async () => {
  const cwd = await temporaryFolder();
  await runCli(["init", "--yes"], { cwd });
  const written = await readFile(join(cwd, "tidemark.yaml"), "utf8");
  const server = new LanguageServer();
  await server.start();
  const uri = (name: string): string => pathToFileURL(join(cwd, name)).href;

  const fine = await server.open(uri("tidemark.yaml"), written);
  const text = `${written}sync_strategies:\n  max_parallel_jobs: 1000\n  bach_size: 10\n`;
  const wrong = await server.open(uri("wrong.yaml"), text);
  const asked = `${written}sync_strategies:\n  \n`;
  await server.open(uri("asked.yaml"), asked);
  const offered = await server.ask<{ readonly items: readonly { readonly label: string }[] }>("textDocument/completion", {
    textDocument: { uri: uri("asked.yaml") },
    position: { line: asked.split("\n").length - 2, character: 2 },
  });

  expect(written.split("\n")[0]).toMatch(/^# yaml-language-server: \$schema=.*tidemark\.schema\.json$/);
  expect(fine).toEqual([]);
  const lines = text.split("\n");
  expect(wrong.map(({ range, message }) => [lines[range.start.line]?.trim(), message]).sort()).toEqual([
    ["bach_size: 10", "Property bach_size is not allowed."],
    ["max_parallel_jobs: 1000", "Value is above the maximum of 256."],
  ]);
  expect(offered.items.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["batch_size", "max_parallel_jobs", "parallel_processing"]),
  );
});
