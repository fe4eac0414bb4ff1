import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fingerprintReference } from "../../src/detect/fingerprint-asset.ts";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import { AssetError } from "../../src/model/errors.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { arbitraryJson, arbitraryMembers, arbitraryNumber, arbitraryObject, arbitraryText } from "../helpers/arbitrary-json.ts";
import { missing } from "../helpers/require.ts";
import { describeShared, sharedPath } from "../helpers/shared.ts";

/** Random assets to compare; `HASH_RUNS=100000` for the campaign. */
const RUNS = Number(process.env["HASH_RUNS"] ?? 2_000);
const BATCH = 50;

const hasPython =
  spawnSync("python3", ["--version"]).status === 0 || missing("python", "there is no python3 to run the reference's functions.") !== null;

describeShared("the reference's hashes", () => {
  test("every vector has the hashes that the reference gave it", () => {
    const lines = readFileSync(sharedPath("vectors", "reference-hashes.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBe(300);
    for (const line of lines) {
      const { asset, ...hashes } = parseJson(line) as { readonly asset: JsonObject };
      expect(fingerprintReference(asset, REFERENCE_SCHEME)).toEqual(hashes);
    }
  });

  let reference: Reference;
  beforeAll(() => {
    reference = startReference();
  });
  afterAll(() => reference.close());

  test.skipIf(!hasPython)(
    "random assets have the hashes that Python gives them, and what Python ends on is refused",
    async () => {
      const batch = fc.array(arbitraryInput, { minLength: BATCH, maxLength: BATCH, size: "max" });
      const property = fc.asyncProperty(batch, async (inputs) => {
        const lines = inputs.map((input) => JSON.stringify(input));
        expect(lines.map(ours)).toEqual(await reference.hash(lines));
      });
      await fc.assert(property, { numRuns: Math.ceil(RUNS / BATCH), interruptAfterTimeLimit: 3_600_000, markInterruptAsFailure: true });
    },
    3_700_000,
  );

  test.skipIf(!hasPython).each([
    ["nothing at all", "{}"],
    ["sections that are null", '{"schema_info": null, "business_context": null, "custom_properties": null}'],
    ["sections that are false in Python's eyes", '{"schema_info": 0.0, "business_context": "", "custom_properties": []}'],
    ["null columns, which are not absent ones", '{"schema_info": {"columns": null, "data_types": null, "constraints": null}}'],
    ["lists that are false in Python's eyes", '{"business_context": {"tags": 0, "dimensions": {}, "measures": "", "hierarchies": false}}'],
    ["a string where a list is expected", '{"business_context": {"tags": "bca\\ud83d\\ude00\\ue000"}}'],
    ["an object where a list is expected", '{"business_context": {"tags": {"b": 1, "a": 2}}}'],
    [
      "a list of numbers and truth values",
      '{"business_context": {"tags": [3, 1.5, true, -0.0, 0, 9007199254740993, 9007199254740992.0, false]}}',
    ],
    ["a list of one item of any kind", '{"business_context": {"tags": [null], "measures": [{"b": 1}], "dimensions": [[1]]}}'],
    ["names beyond the basic plane", '{"business_context": {"tags": ["\\ud83d\\ude00", "\\ue000", "\\ud800", "\\uffff", "z"]}}'],
    [
      "keys beyond the basic plane",
      '{"custom_properties": {"\\ud83d\\ude00": 1, "\\ue000": 2, "\\ud800": 3, "\\uffff": 4, "z": 5, "__proto__": 6}}',
    ],
    ["a section that is no object", '{"schema_info": [1]}'],
    ["a list that is a number", '{"business_context": {"tags": 5}}'],
    ["a list that is true", '{"business_context": {"tags": true}}'],
    ["a list of mixed kinds", '{"business_context": {"tags": ["a", 1]}}'],
    ["a list of objects", '{"business_context": {"tags": [{}, {}]}}'],
    ["a list with null in it", '{"business_context": {"tags": ["a", null]}}'],
  ])("the same as Python for %s", async (_case, line) => {
    expect([ours(line)]).toEqual(await reference.hash([line]));
  });
});

const arbitraryNames = fc.oneof(
  { weight: 8, arbitrary: fc.array(arbitraryText, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(arbitraryNumber, fc.boolean()), { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(arbitraryText, arbitraryNumber, arbitraryObject, fc.constant(null)), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.oneof(arbitraryObject, arbitraryText, arbitraryNumber, fc.constantFrom<Json>(null, true, false)) },
);

const arbitrarySection = (members: { readonly [key: string]: fc.Arbitrary<Json> }): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 12, arbitrary: arbitraryMembers(members) }, { weight: 1, arbitrary: arbitraryJson });

const arbitraryInput: fc.Arbitrary<JsonObject> = arbitraryMembers({
  technical_name: fc.oneof(arbitraryText, arbitraryJson),
  business_name: fc.oneof(arbitraryText, arbitraryJson),
  description: fc.oneof(arbitraryText, arbitraryJson),
  owner: fc.oneof(arbitraryText, arbitraryJson),
  schema_info: arbitrarySection({
    columns: fc.oneof(
      fc.array(arbitraryMembers({ name: arbitraryText, type: arbitraryText, length: arbitraryNumber, x: arbitraryJson }), { maxLength: 5 }),
      arbitraryJson,
    ),
    data_types: fc.oneof(arbitraryObject, arbitraryJson),
    constraints: fc.oneof(fc.array(arbitraryJson, { maxLength: 3 }), arbitraryJson),
  }),
  business_context: arbitrarySection({
    tags: arbitraryNames,
    dimensions: arbitraryNames,
    measures: arbitraryNames,
    hierarchies: arbitraryNames,
    certification_status: arbitraryJson,
  }),
  custom_properties: arbitraryJson,
  unknown: arbitraryJson,
});

type Answer = "refused" | { readonly [hash: string]: Json };

function ours(line: string): Answer {
  try {
    return fingerprintReference(parseJson(line, { maxDepth: 500 }) as JsonObject, REFERENCE_SCHEME);
  } catch (error) {
    if (error instanceof AssetError && error.code === "value_unrepresentable") return "refused";
    throw error;
  }
}

interface Reference {
  hash(lines: readonly string[]): Promise<readonly Answer[]>;
  close(): void;
}

/** The reference's own functions, in one Python process that lives as long as the tests. */
function startReference(): Reference {
  const child = spawn("python3", ["-u", "-B", "-X", "utf8", "-c", PROGRAM, sharedPath("vectors")], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async hash(lines) {
      child.stdin.write(lines.map((line) => `${line}\n`).join(""));
      const given: Answer[] = [];
      while (given.length < lines.length) given.push(JSON.parse(String((await answers.next()).value)) as Answer);
      return given;
    },
    close: () => child.stdin.end(),
  };
}

const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv[1])
import reference
for line in sys.stdin:
    asset = json.loads(line)
    try:
        answer = {name: getattr(reference, name)(asset) for name in ("content_hash", "schema_hash", "metadata_hash")}
    except (TypeError, AttributeError):
        answer = "refused"
    print(json.dumps(answer))
`;
