import { defineConfig, type ViteUserConfig } from "vitest/config";

// Mutants are judged by the unit tests beside them: a scenario that happens to fail says little about what the code claims. So are
// branches, of which these folders leave none untaken.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["src/{model,csn,detect,plan}/**/*.test.ts"],
    testTimeout: 120_000,
    env: { PROPERTY_SHARE: "0.05" },
    coverage: {
      provider: "v8",
      include: ["src/{model,csn,detect,plan}/**/*.ts"],
      exclude: ["src/**/*.test.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { branches: 100 },
    },
  },
});

export default config;
