import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aDatasphereSandbox } from "../../../../test/helpers/sandbox-datasphere.ts";
import { describeShared, sharedPath } from "../../../../test/helpers/shared.ts";
import { sharedDefinitions } from "../../../../test/helpers/shared-csn.ts";
import { temporaryFolder } from "../../../../test/helpers/temporary-folder.ts";
import { isAsset } from "../../../csn/object-type.ts";
import { startDatasphereSandbox } from "../start-datasphere-sandbox.ts";

const CORE = "/dwaas-core/api/v1/spaces";
const CSN = { accept: "application/vnd.sap.datasphere.object.content+json" };

test("a folder of exports is a tenant: spaces, objects by type, flows, and of a name that stands twice the later file's", async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, "SALES"));
  await mkdir(join(data, "EMPTY"));
  const table = (label: string): object => ({ kind: "entity", "@EndUserText.label": label, elements: { "2020": {}, A: {}, "2019": {} } });
  const model = { kind: "entity", elements: {}, "@DataWarehouse.editorType": { "#": "DWCQueryModelEditor" } };
  await writeFile(
    join(data, "SALES", "a.json"),
    JSON.stringify({
      definitions: { T: table("old"), AM: model, SAP: { kind: "context" }, STUB: { kind: "entity", "@cds.persistence.exists": true } },
      businessLayerDefinitions: { AM: { identifier: { key: "AM" } } },
      taskchains: { CHAIN: { kind: "sap.dwc.taskChain", nodes: [] } },
    }),
  );
  const text = JSON.stringify({ kind: "entity", "@EndUserText.label": "new", elements: {} }).replace(
    '"elements":{}',
    '"elements":{"2020":{"type":"cds.Decimal","precision":38,"scale":1.0},"A":{},"2019":{}}',
  );
  await writeFile(join(data, "SALES", "b.ndjson"), `{"name":"T","definition":${text}}\n`);
  const { json, get } = await aDatasphereSandbox({ data });

  expect(await json(CORE)).toEqual(["EMPTY", "SALES"]);
  expect(await json(`${CORE}/SALES/localtables?select=technicalName,businessName`)).toEqual([{ technicalName: "T", businessName: "new" }]);
  expect(await json(`${CORE}/SALES/analyticmodels`)).toEqual([{ technicalName: "AM" }]);
  expect(await json(`${CORE}/SALES/analyticmodels/AM`, CSN)).toMatchObject({
    businessLayerDefinitions: { AM: { identifier: { key: "AM" } } },
  });
  expect(await json(`${CORE}/SALES/taskchains/CHAIN`, CSN)).toEqual({ taskchains: { CHAIN: { kind: "sap.dwc.taskChain", nodes: [] } } });
  expect(await (await get(`${CORE}/SALES/localtables/T`, CSN)).text()).toBe(`{"definitions":{"T":${text}}}`);
});

test("a file that is no export is named", async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, "SALES"));
  await writeFile(join(data, "SALES", "broken.json"), "{");

  await expect(startDatasphereSandbox({ data })).rejects.toThrow(/broken\.json as an export: line 1/);
});

describeShared("real exports", () => {
  test("are served with every asset, each exactly as its file has it", async () => {
    const { json } = await aDatasphereSandbox({ data: sharedPath("data", "csn") });
    const wanted = sharedDefinitions().filter(({ definition }) => isAsset(definition));
    const served = new Map<string, unknown>();
    for (const space of await json<string[]>(CORE)) {
      for (const type of ["localtables", "remotetables", "views", "analyticmodels"]) {
        for (const { technicalName: name } of await json<{ technicalName: string }[]>(`${CORE}/${space}/${type}?top=200`)) {
          const { definitions } = await json<{ definitions: Record<string, unknown> }>(
            `${CORE}/${space}/${type}/${encodeURIComponent(name)}`,
            CSN,
          );
          served.set(`${space}.${name}`, definitions[name]);
        }
      }
    }

    expect(served.size).toBe(21);
    expect(new Set(served.keys())).toEqual(new Set(wanted.map(({ space, name }) => `${space}.${name}`)));
    const once = wanted.filter(({ space, name }) => wanted.filter((other) => other.space === space && other.name === name).length === 1);
    for (const { space, name, definition } of once) {
      expect(JSON.stringify(served.get(`${space}.${name}`))).toBe(JSON.stringify(definition));
    }
  });
});

test("a tenant of 50,000 assets is listed to its end and read anywhere without being held", async () => {
  const { json, sandbox } = await aDatasphereSandbox({ assets: 50_000, spaces: ["A"], flows: 40 });
  const [last] = await json<{ technicalName: string }[]>(`${CORE}/A/analyticmodels?top=200&skip=999`);

  expect(last?.technicalName).toMatch(/^AM_.*_12KV$/);
  expect(await json(`${CORE}/A/analyticmodels?top=200&skip=1000`)).toEqual([]);
  expect(Object.keys(await json<object>(`${CORE}/A/analyticmodels/${last?.technicalName}`, CSN))).toEqual([
    "definitions",
    "businessLayerDefinitions",
  ]);
  for (const type of ["dataflows", "replicationflows", "transformationflows", "taskchains"]) {
    const rows = await json<{ technicalName: string }[]>(`${CORE}/A/${type}?top=200`);
    expect(rows.length).toBe(10);
    expect(await json(`${CORE}/A/${type}/${rows[0]?.technicalName}`, CSN)).toMatchObject({
      [type]: { [rows[0]?.technicalName ?? ""]: {} },
    });
  }
  expect(sandbox.edit({ edit: "random", does: "change", percent: 0.1 }).length).toBe(50);
});
