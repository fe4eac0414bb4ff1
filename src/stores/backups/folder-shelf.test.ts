import { randomBytes } from "node:crypto";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { BackupShelf } from "../../ports/backup-shelf.ts";
import { notice } from "../../../test/helpers/notice.ts";
import { mountSmallDisk, type SmallDisk } from "../../../test/helpers/small-disk.ts";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { folderShelf } from "./folder-shelf.ts";

const NAME = "datasphere_checkpoints_20260304T050607Z_g41.ndjson";
const LINES = Array.from({ length: 400 }, (_, n) => `${JSON.stringify({ n, text: "é".repeat(n) })}\n`);

async function aShelf(compress: boolean): Promise<BackupShelf & { readonly name: string }> {
  const shelf = folderShelf({ folder: join(await temporaryFolder(), "backup"), compress });
  return { ...shelf, name: compress ? `${NAME}.zst` : NAME };
}

describe.each([true, false])("compressed: %s", (compress) => {
  test("what is written is read as it was, and as many bytes as it says", async () => {
    const shelf = await aShelf(compress);
    const { bytes } = await shelf.write(shelf.name, textOf(LINES));

    expect((await Array.fromAsync(shelf.lines(shelf.name))).map((line) => `${line}\n`)).toEqual(LINES);
    expect(bytes).toBe((await stat(join(shelf.place, shelf.name))).size);
  });

  test("a text that throws before its end leaves nothing", async () => {
    const shelf = await aShelf(compress);
    const broken = async function* (): AsyncGenerator<string> {
      yield* LINES;
      throw new Error("the state is damaged here");
    };

    await expect(shelf.write(shelf.name, broken())).rejects.toThrow("the state is damaged here");
    expect(await readdir(shelf.place)).toEqual([]);
  });

  test("a byte that is another on the disk than was written is met before the file takes its name", async () => {
    const shelf = await aShelf(compress);

    await expect(shelf.write(shelf.name, flippedOnDisk(shelf.place))).rejects.toMatchObject({
      code: "state_unwritable",
    });
    expect(await readdir(shelf.place)).toEqual([]);
  });
});

const disk = mountSmallDisk(64 * 1_024);
disk?.[Symbol.dispose]();
if (disk === null) notice("Tests of a full disk were skipped: this user may not mount one.");

test.skipIf(disk === null).each([true, false])(
  "a disk that fills up in the middle of a text ends it, and leaves nothing (compressed: %s)",
  async (compress) => {
    using small = mountSmallDisk(512 * 1_024) as SmallDisk;
    const shelf = folderShelf({ folder: join(small.path, "backup"), compress });
    const endless = async function* (): AsyncGenerator<string> {
      for (;;) yield randomBytes(300_000).toString("hex");
    };

    await expect(shelf.write(compress ? `${NAME}.zst` : NAME, endless())).rejects.toMatchObject({
      code: "state_unwritable",
      message: expect.stringContaining("ENOSPC"),
    });
    expect(await readdir(shelf.place)).toEqual([]);
  },
);

async function* textOf(parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

/** A text so long that its beginning is on the disk before its end is asked for; then one byte of that is changed. */
async function* flippedOnDisk(folder: string): AsyncGenerator<string> {
  let partial: string | undefined;
  for (let n = 0; partial === undefined || (await stat(partial)).size === 0; n++) {
    yield Array.from({ length: 1_000 }, (_, at) => `${JSON.stringify({ n, at, chance: Math.sin(n * 1_000 + at) })}\n`).join("");
    const [found] = (await readdir(folder)).filter((name) => name.endsWith(".partial"));
    partial = found === undefined ? undefined : join(folder, found);
    await setTimeout(1);
  }
  const at = (await readFile(partial)).length >> 1;
  await using file = await open(partial, "r+");
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] as number) ^ 1]), 0, 1, at);
}
