import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { ClosingLine } from "./test/helpers/closing-line.ts";

const notices = join(tmpdir(), `tidemark-notices-${process.pid}.txt`);

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    env: { TIDEMARK_NOTICES: notices },
    // Generous, because machines are slow and busy: a limit is there to end what hangs, not to measure.
    testTimeout: 120_000,
    hookTimeout: 600_000,
    reporters: ["default", new ClosingLine(notices)],
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/**/*.test.ts"] },
  },
});

export default config;
