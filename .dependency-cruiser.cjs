// Imports run one way. For each folder or file: what it may import besides itself, node's own modules
// and package.json. ARCHITECTURE.md has the picture.
const arrows = {
  "src/plugin/cty": [],
  "src/plugin/schema": ["src/plugin/cty"],
  "src/plugin/framework": ["src/plugin/(cty|schema)"],
  "src/plugin/logging": [],
  "src/plugin/grpc": ["src/plugin/logging"],
  "src/plugin/tfplugin6": ["src/plugin/grpc", "node_modules/@bufbuild/protobuf"],
  "src/plugin/server": ["src/plugin/(cty|schema|framework|logging|tfplugin6)"],
  "src/plugin/go-plugin": ["src/plugin/(grpc|tfplugin6|logging)"],
  "src/facts.ts": [],
  "src/polyai": ["src/(facts.ts|generated)", "node_modules/(axios|socks)"],
  "src/webhooks": ["src/generated", "node_modules/@noble/hashes"],
  "src/provider": [
    "src/plugin/(cty|schema|framework|logging)",
    "src/(facts.ts|generated|polyai|webhooks)",
    "node_modules/age-encryption",
  ],
  "src/generated": [],
  "src/main.ts": ["src/plugin.ts"],
  "src/plugin.ts": ["src/(facts.ts|service.ts|generated)", "src/plugin/go-plugin"],
  "src/service.ts": ["src/provider", "src/plugin/(server|tfplugin6)"],
  "src/placement": ["src/facts.ts", "node_modules/fflate"],
  "src/simulator": ["src/(facts.ts|generated|webhooks)", "api", "node_modules/(ajv|ajv-formats)"],
  "src/cli": [
    "src/(facts.ts|placement|simulator|webhooks|polyai|provider|plugin/(logging|go-plugin))",
    "node_modules",
  ],
  "src/codegen": ["src/(facts.ts|provider)", "src/plugin/(cty|schema|server|tfplugin6)"],
  lib: ["src/(facts.ts|generated|placement)", "node_modules/(cdktf|constructs)"],
};

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  allowedSeverity: "error",
  forbidden: [
    {
      name: "the simulator's domain knows no HTTP",
      severity: "error",
      from: { path: "^src/simulator/", pathNot: "/(index|server|post-delivery)[.]ts$" },
      to: { path: ["^(node:)?(https?|net)$", "^src/simulator/(index|server|post-delivery)[.]ts$"] },
    },
  ],
  allowed: [
    { from: {}, to: { dependencyTypes: ["core"] } },
    { from: {}, to: { path: "^package\\.json$" } },
    ...Object.entries(arrows).map(([from, to]) => ({
      from: { path: `^${from}(/|$)` },
      to: { path: [from, ...to].map((path) => `^${path}(/|$)`) },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node"] },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^lib/bindings/" },
  },
};
