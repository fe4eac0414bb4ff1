import { createWriteStream, existsSync, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { isAsset } from "../../src/csn/object-type.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { toAsset } from "../../src/csn/to-asset.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { definitionOf } from "../../src/sandbox/tenant/definition.ts";
import { sharedDefinitions } from "../../test/helpers/shared-csn.ts";
import { sharedPath } from "../../test/helpers/shared.ts";

export interface CorpusOptions {
  readonly assets: number;
  /** Percent of the assets that were edited: in turn in their label, a column, an annotation. */
  readonly changed?: number;
  /** One asset was edited, in the middle. */
  readonly touched?: true;
}

export interface Corpus {
  /** The folder of exports that the csn source reads: `<space>/definitions.ndjson`, lines in the order of their names. */
  readonly exports: string;
  /** The same assets, line for line, in the reference's field names. */
  readonly reference: string;
  readonly assets: number;
  readonly bytes: number;
  readonly reference_bytes: number;
  readonly shapes: "real exports" | "generated";
}

/** Writes a catalog of any size: the shapes of the real exports, each asset with a name and a label of its own. */
export async function writeCorpus(folder: string, { assets, changed = 0, touched }: CorpusOptions): Promise<Corpus> {
  const { shapes, definitions } = baseDefinitions();
  const templates = definitions.map((definition) => EDITS.map((edit) => templateOf(edit(definition))));
  const exports = join(folder, "exports");
  const reference = join(folder, "reference.ndjson");
  await mkdir(exports, { recursive: true });
  const referenceFile = new Lines(reference);
  let file: Lines | null = null;
  let bytes = 0;
  for (let i = 0; i < assets; i++) {
    const space = SPACES[Math.floor((i * SPACES.length) / assets)] as string;
    if (i === 0 || space !== SPACES[Math.floor(((i - 1) * SPACES.length) / assets)]) {
      bytes += (await file?.close()) ?? 0;
      await mkdir(join(exports, space), { recursive: true });
      file = new Lines(join(exports, space, "definitions.ndjson"));
    }
    const variants = templates[i % templates.length] as readonly Template[];
    const isChanged = (i * 7_919) % 100 < changed || (touched === true && i === Math.floor(assets / 2));
    const { line, document } = variants[isChanged ? 1 + (i % (EDITS.length - 1)) : 0] as Template;
    const name = `V_${String(i).padStart(8, "0")}_${LABELS[i % LABELS.length]}`;
    await file?.add(filled(line, space, name));
    await referenceFile.add(filled(document, space, name));
  }
  bytes += (await file?.close()) ?? 0;
  return { exports, reference, assets, bytes, reference_bytes: await referenceFile.close(), shapes };
}

const SPACES = ["FINANCE", "HR", "LOGISTICS", "SALES"] as const;
const LABELS = ["Orders", "Headcount", "Minimum_Wage", "Salary_Analysis", "Deliveries"] as const;
const SPACE = "\u00a7SPACE\u00a7";
const NAME = "\u00a7NAME\u00a7";
/** Smaller definitions of the exports are left out, so that a line has 3.4 KB in the middle, as measured on real tenants. */
const SMALLEST = 900;

/** Texts between which the space and the name stand. */
type Cut = readonly string[];

interface Template {
  readonly line: Cut;
  readonly document: Cut;
}

const EDITS: readonly ((definition: JsonObject) => JsonObject)[] = [
  (definition) => definition,
  (definition) => ({ ...definition, "@EndUserText.label": `${NAME} (new)` }),
  (definition) => ({ ...definition, elements: { ...(definition["elements"] as JsonObject), ADDED: { type: "cds.String", length: 10 } } }),
  (definition) => ({ ...definition, "@Semantics.interval": [{ qualifier: "VALIDITY" }] }),
];

function baseDefinitions(): { readonly shapes: Corpus["shapes"]; readonly definitions: readonly JsonObject[] } {
  const isReal = existsSync(sharedPath("data", "csn"));
  const all = isReal
    ? sharedDefinitions().map(({ definition }) => definition)
    : Array.from({ length: 100 }, (_, number) => definitionOf({ seed: 1, spaces: SPACES }, number));
  const entities = all.filter((one) => isAsset(one) && isJsonObject(one["elements"]) && JSON.stringify(one).length >= SMALLEST);
  return {
    shapes: isReal ? "real exports" : "generated",
    definitions: entities.map(({ kind, ...rest }) => ({ kind: kind as Json, ...rest, "@EndUserText.label": NAME })),
  };
}

function templateOf(definition: JsonObject): Template {
  const { content, schema, metadata } = toAsset({ space: SPACE, name: NAME, definition, overlay: NO_OVERLAY });
  const { custom_properties, ...business_context } = metadata;
  const document = { asset_id: `${SPACE}.${NAME}`, ...content, schema_info: schema, business_context, custom_properties };
  return { line: cut(JSON.stringify({ name: NAME, definition })), document: cut(JSON.stringify(document)) };
}

function cut(text: string): Cut {
  return text.split(/(\u00a7[A-Z]+\u00a7)/);
}

function filled(text: Cut, space: string, name: string): string {
  return text.map((part) => (part === NAME ? name : part === SPACE ? space : part)).join("");
}

/** A file of lines, written in large pieces. */
class Lines {
  readonly #stream: WriteStream;
  #pending: string[] = [];
  #size = 0;
  #bytes = 0;

  constructor(path: string) {
    this.#stream = createWriteStream(path);
  }

  async add(line: string): Promise<void> {
    this.#pending.push(line, "\n");
    this.#size += line.length;
    if (this.#size > 1 << 20) await this.#flush();
  }

  /** Answers with the bytes of the file. */
  async close(): Promise<number> {
    await this.#flush();
    this.#stream.end();
    await once(this.#stream, "finish");
    return this.#bytes;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(""));
    this.#bytes += bytes.length;
    this.#pending = [];
    this.#size = 0;
    if (!this.#stream.write(bytes)) await once(this.#stream, "drain");
  }
}
