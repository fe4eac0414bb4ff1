import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CountingMeter, csn, entity, line } from "../../../test/helpers/csn-source.ts";
import { NO_OVERLAY } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { spaceOf, technicalNameOf } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";
import { sourceConformance, type SourceHarness } from "../../testing/source-conformance.ts";
import { type Disk, openDisk } from "./disk.ts";
import { csnSource } from "./source.ts";

/** Writes the definitions of a space into its folder, in one of the ways in which exports lie there. */
type WriteSpace = (folder: string, definitions: ReadonlyMap<string, Json>) => void;

async function harness(writeSpace: WriteSpace): Promise<SourceHarness> {
  const root = mkdtempSync(join(tmpdir(), "tidemark-csn-"));
  const spaces = new Map<string, Map<string, Json>>();
  const hidden = new Set<string>();
  const definitionsOf = (space: string): Map<string, Json> => {
    const known = spaces.get(space) ?? new Map<string, Json>();
    spaces.set(space, known);
    return known;
  };
  // Written when somebody looks, because two hundred changes in a row would otherwise write as many spaces.
  const unwritten = new Set<string>();
  const writeAll = (): void => {
    for (const space of unwritten) {
      rmSync(join(root, space), { recursive: true, force: true });
      mkdirSync(join(root, space));
      writeSpace(join(root, space), definitionsOf(space));
    }
    unwritten.clear();
  };
  const watched = (disk: Disk): Disk => ({
    entries(folder) {
      writeAll();
      return hidden.has(folder) ? Promise.reject(new Error("EACCES: permission denied")) : disk.entries(folder);
    },
    size(file) {
      writeAll();
      return disk.size(file);
    },
    open(file) {
      writeAll();
      return disk.open(file);
    },
  });
  return {
    open: () => csnSource(watched(openDisk(root, new CountingMeter())), NO_OVERLAY),
    async put(space, name, businessName) {
      const definition = entity({ "@EndUserText.label": businessName });
      definitionsOf(space).set(name, definition);
      unwritten.add(space);
      return toAsset({ space, name, definition, overlay: NO_OVERLAY });
    },
    async remove(id) {
      definitionsOf(spaceOf(id)).delete(technicalNameOf(id));
      unwritten.add(spaceOf(id));
    },
    addSpace: async (space) => void unwritten.add(space),
    async dropSpace(space) {
      writeAll();
      rmSync(join(root, space), { recursive: true });
    },
    hideSpace: async (space) => void hidden.add(space),
    async spoil(id) {
      definitionsOf(spaceOf(id)).set(technicalNameOf(id), { kind: "entity", elements: [] });
      unwritten.add(spaceOf(id));
    },
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true }),
  };
}

sourceConformance("a folder of exports", () =>
  harness((folder, definitions) => writeFileSync(join(folder, "all.json"), csn(Object.fromEntries(definitions)))),
);
sourceConformance("a folder of exports, one for each asset", () =>
  harness((folder, definitions) => {
    for (const [name, definition] of definitions) writeFileSync(join(folder, `${name}.json`), csn({ [name]: definition }));
  }),
);
sourceConformance("a folder of lines", () =>
  harness((folder, definitions) =>
    writeFileSync(join(folder, "all.ndjson"), [...definitions].map(([name, definition]) => line(name, definition)).join("")),
  ),
);
