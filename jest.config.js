const { findClis } = require("tsx/cjs/api").require("./scripts/cli.ts", __filename);

// CDKTF's own matchers and command use the CLI that this variable names.
const [cli] = findClis();
if (cli !== undefined) process.env.TERRAFORM_BINARY_NAME = cli.path;

// Bundled into the plugin; jest, which runs CommonJS, compiles these ES modules.
const esmPackages = "/node_modules/(age-encryption|@noble|@scure)/";

/** @type {import("jest").Config} */
const shared = {
  rootDir: __dirname,
  testEnvironment: "node",
  setupFiles: ["<rootDir>/test/support/fuzz-seed.ts"],
  transform: {
    "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.json" }],
    [`${esmPackages}.+\\.js$`]: [
      "ts-jest",
      {
        tsconfig: { allowJs: true, module: "commonjs", target: "es2022", isolatedModules: true },
        diagnostics: false,
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!${esmPackages.slice("/node_modules/".length)})`],
  // Sources import "./x.js", as node resolves them once compiled.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/"],
};

const project = (displayName, ...folders) => ({
  ...shared,
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
});

/** @type {import("jest").Config} */
module.exports = {
  testTimeout: 120_000,
  // Jest leaves one core free by default, which on two cores means no parallel run at all.
  maxWorkers: "100%",
  projects: [
    project("unit", "unit"),
    project("protocol", "protocol"),
    project("provider", "provider"),
    project("explore", "explore"),
    project("constructs", "constructs"),
    project("e2e", "e2e"),
    project("package", "package"),
    // Needs the executable that a release makes: npm run test:executable.
    ...(process.env.POLYAI_PROVIDER_RUNTIME === "executable"
      ? [project("executable", "executable")]
      : []),
    // Installs a second Node and downstream providers' bindings: .ci/run asks for it.
    ...(process.env.LONG === "true" ? [project("package-long", "package-long")] : []),
  ],
};
