import { join } from "node:path";
import { rolldown } from "rolldown";

/** The modules that threads start with, and what they load later. */
const LOADED_BY_THREADS = [["config/export-thread", "config/read-batch"], ["cli/fingerprint-thread"]];

/**
 * Puts all that a thread loads of `src/`, compiled in `folder`, into a file or two: each thread of each command loads it anew, and takes
 * twice as long for seventy modules one by one. See docs/adr/0019-threads-load-one-piece.md.
 */
export async function bundleThreads(folder: string): Promise<void> {
  for (const modules of LOADED_BY_THREADS) {
    const bundle = await rolldown({
      input: Object.fromEntries(modules.map((name) => [name, join(folder, `${name}.js`)])),
      external: /^node:/,
      platform: "node",
    });
    await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].js", chunkFileNames: `${modules[0]}-shared.js` });
    await bundle.close();
  }
}

if (import.meta.main) await bundleThreads(process.argv[2] as string);
