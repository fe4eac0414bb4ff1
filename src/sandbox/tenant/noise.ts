import type { JsonObject } from "../../model/json.ts";
import { Rng } from "./rng.ts";

/**
 * The editor's settings of one asset as a real export carries them: a diagram with random identifiers, coordinates and dates, written
 * as one string. Nothing of it says anything about the asset. Smaller than in real exports, where it makes up most of a file.
 */
export function editorSettings(name: string, columns: readonly string[], seed: number, number: number, round: number): JsonObject {
  const rng = new Rng(seed, number, 3, round);
  return {
    editor: { lastModifier: "GRAPHICALVIEWBUILDER", default: "GRAPHICALVIEWBUILDER" },
    uiModel: diagram(name, columns.slice(0, 12), rng),
  };
}

/** The name of a folder as the tenant writes it. */
export function folderName(rng: Rng): string {
  return `Folder_${rng.text(8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}`;
}

/** A made-up identifier in the form of a UUID. */
export function uuid(rng: Rng): string {
  return [8, 4, 4, 4, 12].map((length) => rng.text(length, "0123456789abcdef")).join("-");
}

/** A diagram as editors serialise it: a node for each name, and nothing that says anything about the asset. */
export function diagram(name: string, columns: readonly string[], rng: Rng): string {
  const saved = 1_700_000_000_000 + rng.below(100_000_000_000);
  const model = {
    classDefinition: "sap.cdw.querybuilder.Model",
    name,
    modificationDate: saved,
    deploymentDate: saved - rng.below(1_000_000),
    "#objectStatus": rng.below(3),
  };
  const nodes = columns.map((column) => ({
    classDefinition: "sap.cdw.querybuilder.Element",
    name: column,
    x: rng.below(2000),
    y: rng.below(1200),
  }));
  return JSON.stringify({ contents: Object.fromEntries([model, ...nodes].map((node) => [uuid(rng), node])) });
}
