import { dirname, join, relative, sep } from "node:path";
import { root } from "./paths.mjs";

/**
 * The layers, by folder, and what each may import besides itself and node's own modules: other
 * layers, a layer's types only (`type:`), and packages. The most specific folder counts.
 */
export const layers = {
  "src/plugin/cty": { layers: [], packages: [] },
  "src/plugin/schema": { layers: ["src/plugin/cty"], packages: [] },
  "src/plugin/framework": { layers: ["src/plugin/cty", "src/plugin/schema"], packages: [] },
  "src/plugin/logging": { layers: [], packages: [] },
  "src/plugin/grpc": { layers: ["src/plugin/logging"], packages: [] },
  "src/plugin/tfplugin6": { layers: ["src/plugin/grpc"], packages: [] },
  "src/plugin/server": {
    layers: [
      "src/plugin/cty",
      "src/plugin/schema",
      "src/plugin/framework",
      "src/plugin/logging",
      "src/plugin/tfplugin6",
    ],
    packages: [],
  },
  "src/plugin/go-plugin": {
    layers: ["src/plugin/grpc", "src/plugin/tfplugin6", "src/plugin/logging"],
    packages: [],
  },
  "src/polyai": { layers: [], packages: ["axios", "hpagent", "proxy-from-env", "socks"] },
  "src/provider": {
    layers: [
      "src/plugin/cty",
      "src/plugin/schema",
      "src/plugin/framework",
      "src/plugin/logging",
      "src/polyai",
      "src/webhooks",
    ],
    packages: ["age-encryption"],
  },
  "src/main.ts": { layers: ["src/plugin.ts"], packages: [] },
  "src/plugin.ts": {
    layers: ["src/service.ts", "src/generated", "src/plugin/go-plugin"],
    packages: [],
  },
  "src/service.ts": {
    layers: ["src/provider", "src/plugin/server", "src/plugin/tfplugin6"],
    packages: [],
  },
  "src/generated": { layers: [], packages: [] },
  "src/webhooks": { layers: [], packages: [] },
  "src/simulator": {
    layers: ["src/webhooks", "type:src/generated", "api/openapi.json"],
    packages: ["ajv", "ajv-formats"],
  },
  "src/placement": { layers: [], packages: [] },
  "src/cli": {
    layers: [
      "src/placement",
      "src/simulator",
      "src/webhooks",
      "src/polyai",
      "src/provider",
      "src/plugin/logging",
    ],
  },
  "src/codegen": {
    layers: [
      "src/provider",
      "src/plugin/cty",
      "src/plugin/schema",
      "src/plugin/server",
      "src/plugin/tfplugin6",
    ],
  },
  lib: { layers: ["src/placement"], packages: ["cdktf", "constructs"] },
};

/** An ESLint rule: imports between layers run one way. */
export const oneWayImports = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      layer: "{{from}} must not import {{to}}: imports run one way (see ARCHITECTURE.md).",
      value: "{{from}} may import types of {{to}}, not values.",
      package: "{{from}} must not import the package {{to}}.",
    },
  },
  create(context) {
    const file = toPosix(relative(root, context.filename));
    const from = layerOf(file);
    if (from === undefined) return {};
    const { layers: allowed, packages } = layers[from];

    const check = (source, isType) => {
      if (typeof source?.value !== "string" || source.value.startsWith("node:")) return;
      if (!source.value.startsWith(".")) {
        const name = packageName(source.value);
        if (packages !== undefined && !packages.includes(name)) {
          context.report({ node: source, messageId: "package", data: { from, to: name } });
        }
        return;
      }
      const target = toPosix(join(dirname(file), source.value));
      if (target === "package.json") return;
      const to = layerOf(target.replace(/\.c?js$/, ".ts")) ?? target;
      if (to === from || allowed.includes(to)) return;
      const typesOnly = allowed.includes(`type:${to}`);
      if (typesOnly && isType) return;
      context.report({
        node: source,
        messageId: typesOnly ? "value" : "layer",
        data: { from, to },
      });
    };

    return {
      ImportDeclaration: (node) => check(node.source, onlyTypes(node, "importKind")),
      ExportNamedDeclaration: (node) => check(node.source, onlyTypes(node, "exportKind")),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === "type"),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node.expression, false),
      "CallExpression[callee.name='require']": (node) => check(node.arguments[0], false),
    };
  },
};

function onlyTypes(node, kind) {
  if (node[kind] === "type") return true;
  return node.specifiers.length > 0 && node.specifiers.every((one) => one[kind] === "type");
}

function layerOf(file) {
  return Object.keys(layers)
    .filter((layer) => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function packageName(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function toPosix(path) {
  return path.split(sep).join("/");
}
