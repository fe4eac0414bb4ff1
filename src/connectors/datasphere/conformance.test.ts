import { tenantOptions } from "../../../test/helpers/tenant-source.ts";
import { NO_OVERLAY } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { spaceOf, technicalNameOf } from "../../model/asset.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Profile, startDatasphereSandbox } from "../../sandbox/datasphere/start-datasphere-sandbox.ts";
import { sourceConformance, type SourceHarness } from "../../testing/source-conformance.ts";
import { createDatasphereSource } from "./source.ts";

sourceConformance("a tenant that tells times", () => harness("tokens"));
sourceConformance("a tenant with entity tags", () => harness("etags"));
sourceConformance("a tenant that is read space by space", () => harness("bulk"));
sourceConformance("a tenant that offers nothing", () => harness("none"));

/** A tenant that is made from nothing, read over real sockets. */
async function harness(profile: Profile): Promise<SourceHarness> {
  const sandbox = await startDatasphereSandbox({ assets: 1, flows: 0, spaces: ["FIRST"], requestsPerMinute: null, profile });
  sandbox.edit({ edit: "delete_space", space: "FIRST" });
  const spaces = new Set<string>();
  const names = new Set<string>();
  const closing: (() => void)[] = [];
  const addSpace = (space: string): void => {
    if (!spaces.has(space)) sandbox.edit({ edit: "add_space", space });
    spaces.add(space);
  };
  return {
    open() {
      const options = tenantOptions(sandbox);
      closing.push(options.close);
      return createDatasphereSource(options);
    },
    async put(space, name, label) {
      addSpace(space);
      const definition = tableOf(label);
      const id = `${space}.${name}`;
      sandbox.edit(
        names.has(id) ? { edit: "change", space, name, definition } : { edit: "add", space, name, type: "localtables", definition },
      );
      names.add(id);
      return toAsset({ space, name, definition, overlay: NO_OVERLAY });
    },
    async remove(id) {
      sandbox.edit({ edit: "delete", space: spaceOf(id), name: technicalNameOf(id) });
    },
    addSpace: async (space) => addSpace(space),
    async dropSpace(space) {
      sandbox.edit({ edit: "delete_space", space });
      spaces.delete(space);
    },
    async hideSpace(space) {
      sandbox.edit({ edit: "forbid", space });
    },
    async spoil(id) {
      sandbox.edit({ edit: "change", space: spaceOf(id), name: technicalNameOf(id), definition: { kind: "entity", elements: "none" } });
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing) close();
      await sandbox.close();
    },
  };
}

function tableOf(label: string): JsonObject {
  return { kind: "entity", "@EndUserText.label": label, elements: { ID: { type: "cds.Integer", key: true, notNull: true } } };
}
