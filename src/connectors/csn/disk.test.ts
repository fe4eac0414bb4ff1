import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CountingMeter, folderOf } from "../../../test/helpers/csn-source.ts";
import { openDisk, openDiskInThread } from "./disk.ts";

test("what is neither file nor folder nor link is something other", async () => {
  const root = folderOf({ "a.json": "x", folder: null });
  const server = createServer().listen(join(root, "socket.json"));
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const entries = await openDisk(root, new CountingMeter()).entries("");
  expect(entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: "a.json", kind: "file" },
    { name: "folder", kind: "folder" },
    { name: "socket.json", kind: "other" },
  ]);
});

test.each([
  ["with others waiting for the disk", openDisk],
  ["in a thread that waits itself", openDiskInThread],
])("an opened file is one request, with the bytes that were read of it, %s", async (_, openHere) => {
  const meter = new CountingMeter();
  {
    await using file = await openHere(folderOf({ "a.json": "0123456789" }), meter).open("a.json");
    expect([file.size, (await file.read(2, 3)).toString(), (await file.read(0, 1)).toString()]).toEqual([10, "234", "0"]);
    expect(meter.costs).toEqual([]);
    await expect(file.read(8, 3)).rejects.toThrow("it became shorter while it was read");
  }
  expect(meter.costs).toEqual([{ requests: 1, bytes: { sent: 0, received: 6 } }]);
});
