import { defineConfig } from "vitest/config";
export default defineConfig({ test: { include: ["src/csn/*.test.ts", "src/model/parse-json.test.ts", "src/model/key-order.test.ts"], exclude: ["src/csn/mapping.test.ts"], testTimeout: 60_000 } });
