import { defineConfig, type ViteUserConfig } from "vitest/config";

// Mutants are judged by the unit tests beside them: a scenario that happens to fail says little about what the code claims.
const config: ViteUserConfig = defineConfig({ test: { include: ["src/{model,csn,detect,plan}/**/*.test.ts"], testTimeout: 120_000 } });

export default config;
