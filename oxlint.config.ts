import { defineConfig, type OxlintOverride } from "oxlint";

/** Packages that only a few places may import, as regular expressions over the specifier. */
const guarded = {
  sqlite: "^better-sqlite3(/|$)",
  experimentalSqlite: "^node:sqlite$", // nowhere: one SQLite is enough
  devices: "^(nfc-pcsc|serialport|node-hid)(/|$)|^(@pokusew|@serialport|@abandonware|@stoprocent)/",
  postgres: "^pg(/|$)|^@electric-sql/",
  mqtt: "^mqtt(/|$)",
  broker: "^aedes(/|$)",
  symbols: "^bwip-js(/|$)", // 1 MB of code that the daemon never needs
} as const;

/** What the files of one folder may import. */
interface Boundary {
  readonly files: string;
  readonly except?: string;
  /** Relative imports out of bounds, gitignore style: a later `!pattern` allows again. */
  readonly deny: readonly string[];
  /** Guarded packages this folder may import. */
  readonly packages?: readonly (keyof typeof guarded)[];
  /** The rule in words; the linter shows it. */
  readonly rule: string;
}

const agentPart = "A part of the agent imports agent/core only; agent/main.ts wires the parts.";
const deviceKind =
  "A device kind imports agent/core, drivers/*.ts and its own folder; no sibling, agent part, sync or config.";

/** Where imports may point. For a file that two lines fit, the later one holds. */
const boundaries: readonly Boundary[] = [
  { files: "agent/*/**", except: "agent/core/**", deny: ["../**", "!../core/**"], rule: agentPart },
  { files: "agent/*/*/**", deny: ["../../**", "!../../core/**"], rule: agentPart },
  { files: "agent/paper/**", deny: ["../**", "!../core/**"], packages: ["symbols"], rule: agentPart },
  { files: "agent/ledger/*.native.ts", deny: ["../**", "!../core/**"], packages: ["sqlite"], rule: agentPart },
  {
    files: "agent/{cli,web}/**",
    deny: ["../**", "!../core/**", "!../control/**"],
    rule: "A view imports agent/core and agent/control only; agent/main.ts hands it the rest.",
  },
  {
    files: "agent/*.ts",
    deny: ["../sync/receiver/**", "../scripts/**", "../test/**"],
    rule: "The composition root wires agent, drivers and uplink; not the cloud end, scripts or tests.",
  },
  {
    files: "drivers/*.ts",
    deny: ["./*/**", "../**", "!../agent/core/**"],
    rule: "drivers/*.ts imports agent/core only, and no device kind.",
  },
  { files: "drivers/*/**", deny: ["../**", "!../*.ts", "!../../agent/core/**"], rule: deviceKind },
  { files: "drivers/*/*/**", deny: ["../../**", "!../../*.ts", "!../../../agent/core/**"], rule: deviceKind },
  {
    files: "drivers/*/*/*/**",
    deny: ["../../../**", "!../../../*.ts", "!../../../../agent/core/**"],
    rule: deviceKind,
  },
  {
    files: "drivers/*/*.native.ts",
    deny: ["../**", "!../*.ts", "!../../agent/core/**"],
    packages: ["devices"],
    rule: deviceKind,
  },
  {
    files: "sync/*.ts",
    deny: ["./receiver/**", "../**", "!../agent/core/**"],
    packages: ["mqtt"],
    rule: "sync imports sync/protocol and agent/core only.",
  },
  { files: "sync/protocol/**", deny: ["../**"], rule: "sync/protocol is pure and imports nothing of ours." },
  {
    files: "sync/receiver/**",
    deny: ["../**", "!../protocol/**"],
    packages: ["postgres", "mqtt", "broker"],
    rule: "sync/receiver imports sync/protocol only.",
  },
  { files: "config/**", deny: ["../**"], rule: "config knows nobody." },
  {
    files: "scripts/**",
    deny: ["**/test/**"],
    packages: ["sqlite", "mqtt", "broker"],
    rule: "Scripts ship; tests do not.",
  },
  {
    files: "test/**",
    deny: ["**/scripts/**"],
    packages: ["sqlite", "devices", "postgres", "mqtt", "broker"],
    rule: "Scripts are run, not imported.",
  },
];

function importRule({ files, except, deny, packages = [], rule }: Boundary): OxlintOverride {
  const outOfBounds = Object.entries(guarded)
    .filter(([name]) => !packages.some((allowed) => allowed === name))
    .map(([, regex]) => ({
      regex,
      message: "Only some folders import this package: see `guarded` in oxlint.config.ts.",
    }));
  return {
    files: [files],
    ...(except !== undefined && { excludeFiles: [except] }),
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ group: [...deny], message: rule }, ...outOfBounds] }],
    },
  };
}

/** The vocabulary is pure TypeScript: no Node, no packages, no other folder, nothing global of a host. */
const pureCore: OxlintOverride = {
  files: ["agent/core/**"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ regex: "^([^.]|\\.\\.)", message: "agent/core imports nothing but itself." }] },
    ],
    "no-restricted-globals": ["error", "process", "Buffer", "setTimeout", "setInterval", "setImmediate", "fetch"],
  },
};

/** Time and environment come in as dependencies, so that a test can move the one and set the other. */
const noAmbientTime: OxlintOverride = {
  files: ["agent/*/**", "drivers/**", "sync/*.ts", "sync/protocol/**"],
  excludeFiles: ["agent/core/**", "drivers/system-clock.ts"],
  rules: {
    "no-restricted-globals": [
      "error",
      { name: "setTimeout", message: "Wait through the Clock, with an AbortSignal." },
      { name: "setInterval", message: "Wait through the Clock, with an AbortSignal." },
    ],
    "no-restricted-properties": [
      "error",
      { object: "Date", property: "now", message: "Ask the Clock." },
      { object: "performance", property: "now", message: "Ask the Clock." },
    ],
    "node/no-process-env": "error",
  },
};

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "vitest", "jsdoc", "node"],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["node_modules", ".runtime", ".storeloop", "coverage", "test/golden"],
  rules: {
    // Promises: every one is awaited, returned or handled.
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/only-throw-error": [
      "error",
      { allowThrowingUnknown: true, allowThrowingAny: false, allowRethrowing: true },
    ],
    // A signal's reason is untyped, and rejecting with it is the rule here.
    "typescript/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true, allowThrowingAny: true }],
    "typescript/return-await": ["error", "error-handling-correctness-only"],
    "typescript/use-unknown-in-catch-callback-variable": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],

    // vitest takes a message as the second argument of expect.
    "vitest/valid-expect": ["error", { maxArgs: 2 }],

    // Nothing untyped.
    "typescript/no-explicit-any": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/no-namespace": "error",
    "typescript/no-require-imports": "error",
    "typescript/no-import-type-side-effects": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/parameter-properties": "error",
    "typescript/no-deprecated": "error",

    // Shape.
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "import/no-default-export": "error",
    "import/no-mutable-exports": "error",
    "max-lines": ["error", { max: 500 }],
    "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/prefer-node-protocol": "error",
    "unicorn/no-abusive-eslint-disable": "error",
    eqeqeq: "error",
    "no-var": "error",
    "prefer-const": "error",
    "no-param-reassign": "error",
    "no-console": "error",
    "unicorn/no-process-exit": "error",

    // Off, each for a reason.
    "typescript/no-unsafe-type-assertion": "off", // branding an identifier (`asSeq`) is a narrowing assertion by nature
    "typescript/consistent-return": "off", // strict TypeScript and exhaustive switches say it better
    "typescript/no-misused-spread": ["error", { allow: [{ from: "lib", name: "string" }, "string"] }], // code points are meant
    "jsdoc/require-yields": "off", // the type says it
    "no-underscore-dangle": "off", // a leading underscore marks an unused parameter
    "no-shadow": "off", // `at` in a callback beside a parameter `at` is clearer than `at2`
    "promise/always-return": "off", // chains are rare here, and no-floating-promises covers them
    "import/no-unassigned-import": "off", // tests import set-up files for their effect
    "import/no-named-as-default-member": "off", // fast-check is used as `fc.integer()`, as its own documents do
    "import/no-named-as-default": "off", // likewise
    "unicorn/consistent-function-scoping": "off", // a closure beside its one user is easier to read
    "unicorn/require-post-message-target-origin": "off", // for browser windows; fires on child processes
    "unicorn/prefer-add-event-listener": "off", // for the DOM; fires on sockets and MQTT clients
    "unicorn/no-array-sort": "off", // sorting a fresh array in place is fine
    "unicorn/no-array-reverse": "off", // likewise
  },
  overrides: [
    pureCore,
    ...boundaries.map(importRule),
    noAmbientTime,
    {
      // What a person runs in a terminal prints and exits.
      files: ["agent/cli/**", "agent/main.ts", "scripts/**"],
      rules: { "no-console": "off", "unicorn/no-process-exit": "off" },
    },
    {
      // Libraries without types of their own are typed where they are loaded.
      files: ["drivers/*/*.native.ts"],
      rules: { "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }] },
    },
    {
      // `describe` is one long function; a test that reads `rows[0]!` fails well enough by itself.
      files: ["test/**"],
      rules: {
        "max-lines-per-function": "off",
        "typescript/no-non-null-assertion": "off",
        "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "fc.assert", "assert*", "expect*"] }],
        "vitest/no-conditional-expect": "off", // properties branch on what they were given
      },
    },
    { files: ["*.config.ts"], rules: { "import/no-default-export": "off" } },
  ],
});
