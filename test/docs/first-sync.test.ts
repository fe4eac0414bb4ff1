import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { packPackage } from "./installed-package.ts";
import { readPage } from "./page.ts";
import { runPage } from "./run-page.ts";

const GUIDE = "docs/guide/first-sync.md";

test(
  "a new user gets from an empty folder to a recovered state by the guide alone, with the package as it is published",
  { timeout: 300_000 },
  async () => {
    const tarball = await packPackage(await temporaryFolder());
    const folder = await temporaryFolder();

    const { output, failures } = await runPage(readPage(GUIDE), {
      folder,
      // Whatever stands in a cache already is not fetched again.
      translate: (command) => command.replace("npm install tidemark", `npm install --prefer-offline --no-audit --no-fund ${tarball}`),
    });

    expect(failures, output).toEqual([]);
  },
);
