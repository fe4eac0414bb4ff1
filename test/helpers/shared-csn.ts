import { readdirSync, readFileSync } from "node:fs";
import type { JsonObject } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { sharedPath } from "./shared.ts";

/** One definition of the real exports. */
export interface SharedDefinition {
  readonly space: string;
  readonly file: string;
  readonly name: string;
  readonly definition: JsonObject;
}

/** Every definition of the real exports, of whatever kind. */
export function sharedDefinitions(): readonly SharedDefinition[] {
  return ["HR", "SALES"].flatMap((space) =>
    readdirSync(sharedPath("data", "csn", space)).flatMap((file) => {
      const document = parseJson(readFileSync(sharedPath("data", "csn", space, file), "utf8")) as {
        readonly definitions: { readonly [name: string]: JsonObject };
      };
      return Object.entries(document.definitions).map(([name, definition]) => ({ space, file, name, definition }));
    }),
  );
}
