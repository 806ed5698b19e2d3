// Bundled into the plugin; here jest loads them as they are.
const esmPackages = "/node_modules/(age-encryption|@noble|@scure)/";

/** @type {import("jest").Config} */
const shared = {
  testEnvironment: "node",
  setupFiles: ["<rootDir>/scripts/jest/fuzz-seed.cjs"],
  transform: {
    "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.json" }],
    [`${esmPackages}.+\\.js$`]: "<rootDir>/scripts/jest/esm-package.cjs",
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
  projects: [
    project("unit", "unit"),
    project("protocol", "protocol"),
    project("provider", "provider"),
    project("constructs", "constructs"),
    project("e2e", "e2e"),
    project("package", "package"),
    // Makes a release, which gets Bun: npm run test:executable asks for it.
    ...(process.env.POLYAI_PROVIDER_RUNTIME === "executable"
      ? [project("executable", "executable")]
      : []),
    // Installs a second Node and downstream providers' bindings: .ci/run asks for it.
    ...(process.env.LONG === "true" ? [project("package-long", "package-long")] : []),
  ],
};
