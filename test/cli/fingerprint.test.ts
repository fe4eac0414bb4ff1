import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { describeShared, sharedPath } from "../helpers/shared.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const orders = '{"technical_name": "Orders", "business_name": "Orders \\u2028", "custom_properties": {"a": 1.50}}';

interface Vector {
  readonly content_hash: string;
  readonly schema_hash: string;
  readonly metadata_hash: string;
}

describeShared("the reference's vectors", () => {
  test("fingerprint --scheme reference prints every one of them, from a file and from standard input, with no configuration", async () => {
    const lines = (await readFile(sharedPath("vectors", "reference-hashes.ndjson"), "utf8")).trim().split("\n");
    // Cut out of the line as text, so that every number keeps its spelling.
    const assets = lines.map((line) => line.slice('{"asset": '.length, line.lastIndexOf(', "content_hash"'))).join("\n");
    const expected = lines.map((line) => {
      const { content_hash, schema_hash, metadata_hash } = JSON.parse(line) as Vector;
      return { content_hash, schema_hash, metadata_hash };
    });
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "assets.ndjson"), assets);

    const fromFile = await runCli(["fingerprint", "assets.ndjson", "--scheme", "reference"], { cwd });
    const fromInput = await runCli(["fingerprint", "--scheme", "reference"], { cwd, input: `${assets}\n` });

    expect([fromFile.code, fromFile.stderr]).toEqual([0, ""]);
    expect(
      fromFile.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Vector),
    ).toEqual(expected);
    expect(fromInput).toEqual(fromFile);
  });
});

test.each([
  ["not JSON", "{", "line 1, column 2 of the JSON"],
  ["no object", "[1]", "an asset is a JSON object"],
  ["without any of the reference's fields", '{"name": "Orders"}', "and this has none of them"],
  ["an empty object", "{}", "and this has none of them"],
  ["a number beyond a double", '{"technical_name": 1e999}', "/technical_name"],
  ["not JSON's NaN", '{"custom_properties": {"a": [NaN]}}', "NaN at /custom_properties/a/0 is no value that JSON can say"],
  ["not JSON's infinity", '{"technical_name": -Infinity}', "-Infinity at /technical_name"],
])("a line that is %s ends the command with its number; the lines before it are printed whole", async (_what, line, message) => {
  const { code, stdout, stderr } = await runCli(["fingerprint", "--scheme", "reference", "--json"], {
    input: `${orders}\n\n${line}\n${orders}\n`,
  });

  expect([code, stdout.trim().split("\n").length]).toEqual([1, 1]);
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual(["content_hash", "schema_hash", "metadata_hash"]);
  expect(stderr).toContain("Line 3 of standard input cannot be hashed: ");
  expect(stderr).toContain(message);
});

test("bytes that are no UTF-8 are refused, a byte order mark at the start is not", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "marked.ndjson"), `\ufeff${orders}`);
  await writeFile(join(cwd, "latin1.ndjson"), Buffer.from('{"technical_name": "\u00e4"}', "latin1"));

  const [marked, latin1, absent] = await Promise.all(
    ["marked", "latin1", "absent"].map((name) => runCli(["fingerprint", "--scheme", "reference", `${name}.ndjson`], { cwd })),
  );

  expect(marked?.code).toBe(0);
  expect([latin1?.code, latin1?.stderr]).toMatchObject([1, expect.stringContaining("it is not UTF-8")]);
  expect([absent?.code, absent?.stderr]).toMatchObject([1, expect.stringContaining("Reading absent.ndjson failed")]);
});

test("a file that is hashed by several threads gives each line's hashes in its place, and a wrong line far inside its number", async () => {
  const cwd = await temporaryFolder();
  const filler = "\u00e4".repeat(2_000);
  const line = (n: number): string => JSON.stringify({ technical_name: `T${n}`, description: filler });
  const lines = Array.from({ length: 1_000 }, (_, n) => (n % 100 === 7 ? "" : line(n)));
  await writeFile(join(cwd, "all.ndjson"), lines.join("\n"));
  await writeFile(join(cwd, "wrong.ndjson"), lines.with(800, "{").join("\n"));

  const hashed = async (args: readonly string[], input?: string): ReturnType<typeof runCli> =>
    await runCli(["fingerprint", "--scheme", "reference", ...args], { cwd, ...(input === undefined ? {} : { input }) });
  const [all, wrong] = [await hashed(["all.ndjson"]), await hashed(["wrong.ndjson"])];

  const told = all.stdout.split("\n");
  expect(told).toHaveLength(991);
  for (const n of [0, 333, 999]) {
    const before = lines.slice(0, n).filter((text) => text !== "").length;
    expect(`${told[before]}\n`).toBe((await hashed([], line(n))).stdout);
  }
  expect(wrong.stderr).toContain("Line 801 of wrong.ndjson cannot be hashed");
  expect(wrong.stdout).toBe(`${told.slice(0, 792).join("\n")}\n`);
});

test("without a scheme, the configuration's change_detection decides", async () => {
  const cwd = await temporaryFolder();
  await writeFile(
    join(cwd, "tidemark.yaml"),
    `pipelines: [{ name: p, source: { type: csn, path: . }, target: { type: glue } }]
change_detection: { hash_algorithm: sha512, schema_hash_enabled: false, case_sensitive: false, ignore_fields: [a] }
`,
  );

  const { stdout } = await runCli(["fingerprint"], {
    cwd,
    input: `${orders}\n${orders.replace("Orders \\u2028", "ORDERS").replace("1.50", "2")}\n`,
  });
  const [first, second] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Vector);

  expect(first?.content_hash).toHaveLength(128);
  expect(first?.schema_hash).toBeNull();
  expect(second).toEqual(first);
});
