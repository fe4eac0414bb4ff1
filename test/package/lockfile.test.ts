import { join } from "node:path";
import { expect, test } from "vitest";
import { missingEntries, readLockfile } from "../../scripts/lockfile.ts";

const root = join(import.meta.dirname, "../..");

test.for([".", "tools"])("the lockfile in %s names every build that its packages ask for, or npm ci would refuse it", (folder) => {
  expect(missingEntries(readLockfile(join(root, folder)))).toEqual({});
});

test("a build for another platform that npm left out is added with the platform that its name tells", () => {
  const optionalDependencies = { "@a/linux-arm-musleabihf": "1.2.3", "@a/binding-win32-ia32-msvc": "1.2.3", "@a/linux-x64-gnu": "1.2.3" };
  const packages = { "node_modules/a": { version: "1.2.3", dev: true, optionalDependencies }, "node_modules/@a/linux-x64-gnu": {} };
  expect(missingEntries({ packages })).toEqual({
    "node_modules/@a/linux-arm-musleabihf": { version: "1.2.3", dev: true, optional: true, os: ["linux"], cpu: ["arm"], libc: ["musl"] },
    "node_modules/@a/binding-win32-ia32-msvc": { version: "1.2.3", dev: true, optional: true, os: ["win32"], cpu: ["ia32"] },
  });
});

test("a missing package that is no build for a platform is not made up", () => {
  expect(() => missingEntries({ packages: { "node_modules/a": { optionalDependencies: { fast: "^1.0.0" } } } })).toThrow("Add it by hand");
});
