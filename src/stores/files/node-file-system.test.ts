import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { nodeFileSystem as files } from "./node-file-system.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a file is created whole, its owner's alone, and never over another", async () => {
  const path = join(await temporaryFolder(), "a");
  await files.create(path, bytes("first"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await expect(files.create(path, bytes("second"))).rejects.toMatchObject({ code: "EEXIST" });
  expect(Buffer.from((await files.read(path)) ?? []).toString()).toBe("first");
});

test("appending makes the file, its owner's alone, and adds to its end", async () => {
  const path = join(await temporaryFolder(), "log");
  await files.append(path, bytes("a\n"));
  await files.append(path, bytes("b\n"));
  await files.sync(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe("a\nb\n");
});

test("a link that was planted at a file's name is not followed", async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, "victim"), "mine");
  symlinkSync(join(folder, "victim"), join(folder, "planted"));
  await expect(files.append(join(folder, "planted"), bytes("x"))).rejects.toMatchObject({ code: "ELOOP" });
  await expect(files.create(join(folder, "planted"), bytes("x"))).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
});

test("lines end at a line feed and nowhere else, the last one also without", async () => {
  const path = join(await temporaryFolder(), "lines");
  const long = "é\u{1F600}".repeat(200_000);
  writeFileSync(path, `\uFEFFone\r\n\n"a\u2028b"\n${long}\nlast`);
  expect(await Array.fromAsync(files.lines(path))).toEqual(["\uFEFFone\r", "", '"a\u2028b"', long, "last"]);
  writeFileSync(path, "one\n");
  expect(await Array.fromAsync(files.lines(path))).toEqual(["one"]);
  writeFileSync(path, "");
  expect(await Array.fromAsync(files.lines(path))).toEqual([]);
});

test("a reader of lines may stop early", async () => {
  const path = join(await temporaryFolder(), "lines");
  writeFileSync(path, "line\n".repeat(300_000));
  for await (const line of files.lines(path)) {
    expect(line).toBe("line");
    break;
  }
  await files.remove(path);
  await expect(Array.fromAsync(files.lines(path))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what is absent reads as null, lists as nothing, and is removed without complaint", async () => {
  const absent = join(await temporaryFolder(), "absent");
  expect(await files.read(absent)).toBeNull();
  expect(await files.list(absent)).toEqual([]);
  await files.remove(absent);
});

test("a directory is made with all above it, listed in code-point order, synced, and renamed in", async () => {
  const folder = join(await temporaryFolder(), "a", "b");
  await files.makeDirectory(folder);
  await files.makeDirectory(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of ["\u{1F600}", "\uFFFD", "Z", "a"]) await files.create(join(folder, name), bytes(name));
  expect(await files.list(folder)).toEqual(["Z", "a", "\uFFFD", "\u{1F600}"]);
  await files.rename(join(folder, "Z"), join(folder, "a"));
  await files.syncDirectory(folder);
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("Z");
});

test("a file is measured, cut, and given a second name that is free", async () => {
  const folder = await temporaryFolder();
  const [path, second] = [join(folder, "a"), join(folder, "b")];
  expect(await files.size(path)).toBeNull();
  await files.create(path, bytes("whole"));
  await files.link(path, second);
  await expect(files.link(path, second)).rejects.toMatchObject({ code: "EEXIST" });
  await files.truncate(path, 2);
  expect([await files.size(path), readFileSync(second, "utf8")]).toEqual([2, "wh"]);
});

test("an error that is not absence is told", async () => {
  const path = join(await temporaryFolder(), "file");
  writeFileSync(path, "");
  await expect(files.read(join(path, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(files.sync(join(path, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});
