import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import type { FileSystem } from "../../ports/file-system.ts";
import { nodeFileSystem } from "../../stores/files/index.ts";
import { removeFile, replaceFile } from "./file-writes.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function failing(operation: keyof FileSystem): FileSystem {
  return { ...nodeFileSystem, [operation]: () => Promise.reject(new Error("no space left")) };
}

test.each(["makeDirectory", "create", "rename"] as const)(
  "where %s fails, the file is as it was and nothing else is left",
  async (operation) => {
    const folder = await temporaryFolder();
    const path = join(folder, "SALES", "Orders.json");
    expect(await replaceFile(nodeFileSystem, path, bytes("old"))).toEqual({ state: "done" });
    expect(await replaceFile(failing(operation), path, bytes("new"))).toEqual({ state: "refused", why: "no space left" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(join(folder, "SALES"))).toEqual(["Orders.json"]);
  },
);

test("where the folder cannot be made durable, nobody knows whether the change lasts", async () => {
  const path = join(await temporaryFolder(), "SALES", "Orders.json");
  expect(await replaceFile(failing("syncDirectory"), path, bytes("new"))).toEqual({ state: "unknown", why: "no space left" });
  expect(await removeFile(failing("syncDirectory"), path)).toEqual({ state: "unknown", why: "no space left" });
});

test("what a crash left behind is in nobody's way, and a file that is gone is removed", async () => {
  const path = join(await temporaryFolder(), "SALES", "Orders.json");
  await nodeFileSystem.makeDirectory(join(path, ".."));
  await nodeFileSystem.create(`${path}.tmp`, bytes("half"));
  expect(await replaceFile(nodeFileSystem, path, bytes("whole"))).toEqual({ state: "done" });
  expect(readFileSync(path, "utf8")).toBe("whole");
  for (let time = 0; time < 2; time++) expect(await removeFile(nodeFileSystem, path)).toEqual({ state: "done" });
  expect(await removeFile(failing("remove"), path)).toEqual({ state: "refused", why: "no space left" });
});
