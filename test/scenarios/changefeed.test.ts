import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAsset } from "../../src/csn/object-type.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { toAsset } from "../../src/csn/to-asset.ts";
import { assetId } from "../../src/model/asset.ts";
import { toDocument } from "../../src/model/document.ts";
import type { Json } from "../../src/model/json.ts";
import { applyEdits, EDITS } from "../../src/sandbox/tenant/edits.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { replayFeed } from "../helpers/replay-feed.ts";
import { describeShared } from "../helpers/shared.ts";
import { sharedDefinitions } from "../helpers/shared-csn.ts";
import { aPipelineTo } from "./a-pipeline.ts";
import { copyOfRealExports } from "./exports-folder.ts";

describeShared("a pipeline from real exports to a change feed", () => {
  test("writes a line for each change and none for none, and a reader then holds what the source has", async () => {
    await using folder = await copyOfRealExports();
    const pipeline = await aPipelineTo(folder.root, { type: "changefeed", path: join(folder.root, "changes.jsonl") });
    const feed = (): Promise<string> => readFile(join(folder.root, "changes.jsonl"), "utf8");
    const documents = new Map(definitions().map(([id, document]) => [id, document] as const));

    expect((await pipeline.sync()).status).toBe("succeeded");
    expect(replayFeed(await feed())).toEqual(documents);

    const whole = await feed();
    await pipeline.sync();
    expect(await feed()).toBe(whole);

    const rng = new Rng(2, 9);
    const [edited, gone] = rng.shuffle([...documents.keys()]) as [string, string];
    const { definition } = applyEdits((await folder.definition(edited)) ?? {}, rng.shuffle(EDITS).slice(0, 6), rng);
    await folder.replace(edited, definition);
    await folder.replace(gone, null);
    const report = await pipeline.sync();
    expect(report.status).toBe("succeeded");
    const added = (await feed()).slice(whole.length).trimEnd().split("\n");
    expect(added.map((line) => (JSON.parse(line) as { asset_id: string }).asset_id).toSorted()).toEqual([edited, gone].toSorted());
    documents.set(edited, documentOf(edited, definition));
    documents.delete(gone);
    expect(replayFeed(await feed())).toEqual(documents);
    expect(report.bytes.target.sent).toBe(Buffer.byteLength((await feed()).slice(whole.length)));
  });
});

function definitions(): readonly (readonly [id: string, document: Json])[] {
  return sharedDefinitions()
    .filter(({ definition }) => isAsset(definition))
    .map(({ space, name, definition }) => [assetId(space, name), documentOf(assetId(space, name), definition)] as const);
}

function documentOf(id: string, definition: Parameters<typeof toAsset>[0]["definition"]): Json {
  const [space = "", ...name] = id.split(".");
  return toDocument(toAsset({ space, name: name.join("."), definition, overlay: NO_OVERLAY }));
}
