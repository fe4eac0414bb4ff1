import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Json, JsonObject } from "../../model/json.ts";
import type { FileSystem } from "../../ports/file-system.ts";
import { nodeFileSystem } from "../../stores/files/index.ts";
import { targetConformance, type TargetHarness } from "../../testing/target-conformance.ts";
import { CountingMeter } from "../../../test/helpers/csn-source.ts";
import { documentText, onlyDefinition, parseDocument } from "./export-document.ts";
import { createCsnTarget } from "./target.ts";

const LABEL = "@EndUserText.label";
const QUICK_INFO = "@EndUserText.quickInfo";

type Definition = { readonly [key: string]: Json };

async function harness(): Promise<TargetHarness> {
  const root = mkdtempSync(join(tmpdir(), "tidemark-csn-target-"));
  let writes = 0;
  const files: FileSystem = {
    ...nodeFileSystem,
    rename: (from, to) => (writes++, nodeFileSystem.rename(from, to)),
    remove: (path) => (path.endsWith(".json") && writes++, nodeFileSystem.remove(path)),
  };
  const read = (ref: string): JsonObject | null => {
    try {
      return parseDocument(readFileSync(join(root, ref)));
    } catch {
      return null;
    }
  };
  const edit = async (ref: string, change: (definition: Definition) => JsonObject): Promise<void> => {
    const document = read(ref) as JsonObject;
    const { name, definition } = onlyDefinition(document) as { readonly name: string; readonly definition: JsonObject };
    writeFileSync(join(root, ref), documentText({ ...document, definitions: { [name]: change(definition) } }));
  };
  const elements = (definition: Definition): { readonly [name: string]: JsonObject } => (definition["elements"] ?? {}) as never;
  return {
    open: () => createCsnTarget({ path: root, files, meter: new CountingMeter() }),
    people: {
      async see(ref) {
        const found = onlyDefinition(read(ref) ?? {});
        if (found === null) return null;
        const { definition } = found;
        const texts = [definition[LABEL], definition[QUICK_INFO]].filter((text): text is string => typeof text === "string" && text !== "");
        const labels = Object.entries(elements(definition)).map(([name, element]) => [name.toLowerCase(), element[LABEL]] as const);
        return {
          description: texts.join("\n\n") || null,
          comments: Object.fromEntries(labels.filter((label): label is [string, string] => typeof label[1] === "string")),
          parameters: Object.fromEntries(
            Object.entries(definition).filter(
              (entry): entry is [string, string] => /^[a-z]+$/.test(entry[0]) && typeof entry[1] === "string" && entry[0] !== "kind",
            ),
          ),
        };
      },
      async make(ref, { description }) {
        mkdirSync(dirname(join(root, ref)), { recursive: true });
        const definition = { kind: "entity", elements: {}, ...(description === null ? {} : { [LABEL]: description }) };
        const name = ref.slice(ref.indexOf("/") + 1, -".json".length);
        writeFileSync(join(root, ref), JSON.stringify({ definitions: { [name]: definition } }));
      },
      describe: (ref, text) => edit(ref, ({ [QUICK_INFO]: _typedOver, ...definition }) => ({ ...definition, [LABEL]: text })),
      comment: (ref, column, text) =>
        edit(ref, (definition) => {
          const name = column.toUpperCase();
          const all = elements(definition);
          return { ...definition, elements: { ...all, [name]: { ...all[name], [LABEL]: text } } };
        }),
      setParameter: (ref, name, value) => edit(ref, (definition) => ({ ...definition, [name]: value })),
      damage: (ref) =>
        edit(ref, (definition) => {
          const first = Object.keys(elements(definition))[0] ?? "";
          return { ...definition, elements: { ...elements(definition), [first]: { type: "cds.LargeBinary" } } };
        }),
      drop: async (ref) => rmSync(join(root, ref)),
    },
    writes: () => writes,
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  };
}

targetConformance("a folder of CSN files", harness, {
  except: {
    "drift names the fields of ours that were edited, and apart from them what others may change":
      "what people see as one description is two fields of a definition, and a key of theirs stands among the annotations",
  },
});
