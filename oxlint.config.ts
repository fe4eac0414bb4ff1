import { defineConfig, type DummyRuleMap, type OxlintConfig, type OxlintOverride } from "oxlint";

/**
 * Which folders of `src/` each folder may import, besides itself and `model`. ARCHITECTURE.md draws the same table, and
 * `test/package/layers.test.ts` holds both to the imports that are really there.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  threads: [],
  ports: [],
  csn: [],
  detect: [],
  plan: [],
  apply: ["ports", "csn"],
  connectors: ["ports", "csn", "threads"],
  stores: ["ports", "csn", "threads"],
  wrappers: ["ports", "csn"],
  listeners: ["ports"],
  engine: ["detect", "plan", "apply", "ports"],
  config: ["connectors", "stores", "wrappers", "listeners", "engine", "ports", "threads"],
  sandbox: ["csn"],
  server: ["engine", "config"],
  cli: ["engine", "config", "server", "sandbox", "threads"],
  testing: ["engine", "ports"],
  dashboard: [],
};

/** Folders of which only types may be imported. */
export const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = { detect: ["csn"], plan: ["csn"] };

const LAYERS = Object.keys(MAY_IMPORT);
/** Functions of their arguments: no input or output, no clock, no randomness. */
const PURE = ["model", "csn", "detect", "plan"];
/** Time, randomness and sleep reach these as arguments. */
const CLOCKLESS = [...PURE, "ports", "apply", "engine", "wrappers"];
/** Each folder in these stands alone, but for `shared/`, which knows none of the others. */
const SIBLINGS_APART = ["connectors", "stores", "listeners"];

const CLOCK_AND_CHANCE = ["Date.now", "Math.random", "performance", "setTimeout", "setInterval", "setImmediate"];
const OUTSIDE_WORLD = ["Date", "fetch", "WebSocket", "process", "crypto"];

interface Pattern {
  readonly regex?: string;
  readonly group?: string[];
  readonly allowTypeImports?: boolean;
  readonly message: string;
}

const NO_BUILT_INS: Pattern = {
  group: ["node:*", "!node:crypto"],
  message: "This layer is pure: what it needs of the world comes as an argument.",
};
const NO_CHANCE = {
  name: "node:crypto",
  importNames: ["randomBytes", "randomInt", "randomUUID", "webcrypto"],
  message: "This layer is pure: chance comes as an argument.",
};

const config: OxlintConfig = defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "vitest"],
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["dist/**", "coverage/**", "test/fixtures/**"],
  rules: {
    eqeqeq: ["error", "always", { null: "ignore" }],
    "max-lines": ["error", { max: 400 }],
    "no-console": "error",
    "import/no-cycle": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/only-throw-error": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/consistent-type-imports": "error",
    "typescript/prefer-readonly": "error",
    "unicorn/prefer-node-protocol": "error",
    // The compiler's noImplicitReturns knows that a switch over a closed union ends; this rule does not.
    "typescript/consistent-return": "off",
    // Narrowing what JSON.parse and generics give is what an assertion at the edge is for.
    "typescript/no-unsafe-type-assertion": "off",
    "import/no-named-as-default-member": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-array-reverse": "off",
    "no-underscore-dangle": "off",
    "typescript/no-unnecessary-boolean-literal-compare": "off",
    "unicorn/consistent-function-scoping": "off",
    "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "fc.assert", "assert*", "expect*"] }],
    "vitest/valid-expect": ["error", { maxArgs: 2 }],
  },
  overrides: [
    ...LAYERS.flatMap(layerRules),
    {
      files: ["src/index.ts"],
      rules: restrictedImports([
        { regex: "^\\./(cli|server|sandbox|testing)/", message: "The public surface is the library: no command, no server, no sandbox." },
      ]),
    },
    {
      // What a test needs to stage a claim, strange values among it, is its own affair.
      files: ["**/*.test.ts", "test/**"],
      rules: {
        "no-restricted-imports": "off",
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
        "max-lines": "off",
        "no-constant-binary-expression": "off",
        "no-loss-of-precision": "off",
        "typescript/no-misused-spread": "off",
        "typescript/require-array-sort-compare": "off",
        "typescript/unbound-method": "off",
        "typescript/restrict-template-expressions": "off",
      },
    },
    // A suite of claims hands functions around as the test runner does.
    { files: ["src/testing/**"], rules: { "typescript/unbound-method": "off" } },
    { files: ["scripts/**", "test/**", "bench/**"], rules: { "no-console": "off" } },
  ],
});

export default config;

function layerRules(layer: string): readonly OxlintOverride[] {
  const allowed = new Set([layer, "model", ...(MAY_IMPORT[layer] ?? [])]);
  const banned = LAYERS.filter((other) => !allowed.has(other));
  const types = MAY_IMPORT_TYPES[layer] ?? [];
  const patterns = [...banned.map((other) => ban(layer, other, types.includes(other))), ...(PURE.includes(layer) ? [NO_BUILT_INS] : [])];
  const globals = [...(CLOCKLESS.includes(layer) ? CLOCK_AND_CHANCE : []), ...(PURE.includes(layer) ? OUTSIDE_WORLD : [])];
  return [
    { files: [`src/${layer}/**`], rules: { ...restrictedImports(patterns, PURE.includes(layer)), ...restrictedNames(layer, globals) } },
    ...(SIBLINGS_APART.includes(layer) ? siblingRules(layer, patterns) : []),
  ];
}

/** An override replaces the options of one before it, so these repeat the layer's own patterns. */
function siblingRules(layer: string, patterns: readonly Pattern[]): readonly OxlintOverride[] {
  return [1, 2].map((depth) => ({
    files: [`src/${layer}/${"*/".repeat(depth)}*.ts`],
    rules: restrictedImports([
      ...patterns,
      {
        group: [`${"../".repeat(depth)}[a-z]*/**`, `!${"../".repeat(depth)}shared/**`],
        message: `One folder of ${layer}/ knows nothing of another.`,
      },
    ]),
  }));
}

function ban(layer: string, other: string, allowTypeImports: boolean): Pattern {
  const message = `${layer}/ may not import ${allowTypeImports ? "more than types of " : ""}${other}/; ARCHITECTURE.md says why.`;
  return { regex: `^(\\.\\./)+${other}/`, message, allowTypeImports };
}

function restrictedImports(patterns: readonly Pattern[], pure = false): DummyRuleMap {
  return { "no-restricted-imports": ["error", { patterns: [...patterns], paths: pure ? [NO_CHANCE] : [] }] };
}

function restrictedNames(layer: string, names: readonly string[]): DummyRuleMap {
  const message = `Nothing in ${layer}/ looks at the clock, at chance or at the world by itself: it is an argument.`;
  const globals = names.filter((name) => !name.includes("."));
  const properties = names.filter((name) => name.includes("."));
  return {
    "no-restricted-globals": ["error", { globals: globals.map((name) => ({ name, message })), checkGlobalObject: true }],
    "no-restricted-properties": ["error", ...properties.map((name) => ({ ...objectAndProperty(name), message }))],
  };
}

function objectAndProperty(name: string): { object: string; property: string } {
  const [object = "", property = ""] = name.split(".");
  return { object, property };
}
