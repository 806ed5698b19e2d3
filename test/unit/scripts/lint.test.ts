import { join } from "node:path";
import { ROOT } from "../../support/cli.js";
import { node } from "./support.js";

interface Found {
  readonly ruleId: string;
  readonly message: string;
}

/** What the project's ESLint says of each text, as if it stood in that file. */
async function lint(texts: readonly (readonly [file: string, text: string])[]) {
  const { stdout, stderr } = await node(
    [
      "--input-type=module",
      "--eval",
      `import { ESLint } from "eslint";
       const eslint = new ESLint({ cwd: process.argv[1] });
       const found = [];
       for (const [filePath, text] of JSON.parse(process.argv[2])) {
         const [result] = await eslint.lintText(text, { filePath, warnIgnored: true });
         found.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
       }
       console.log(JSON.stringify(found));`,
      ROOT,
      JSON.stringify(texts.map(([file, text]) => [join(ROOT, file), text])),
    ],
    { NODE_PATH: join(ROOT, "node_modules"), PATH: process.env.PATH ?? "" },
  );
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout) as Found[][];
}

const importFrom = (specifier: string) => `import { x } from "${specifier}";\nx();\n`;

// Files that exist, since the type checker looks them up; their text is replaced.
const forbidden: [from: string, text: string][] = [
  ["src/plugin/cty/type.ts", importFrom("../schema/schema.js")],
  ["src/plugin/schema/schema.ts", importFrom("../framework/diagnostic.js")],
  ["src/plugin/schema/schema.ts", importFrom("lodash")],
  ["src/plugin/framework/diagnostic.ts", importFrom("../server/context.js")],
  ["src/plugin/server/context.ts", importFrom("../grpc/server.js")],
  ["src/plugin/server/context.ts", importFrom("../go-plugin/serve.js")],
  ["src/plugin/server/context.ts", importFrom("../../provider/provider.js")],
  ["src/plugin/server/context.ts", importFrom("axios")],
  ["src/provider/provider.ts", importFrom("../plugin/tfplugin6/service.js")],
  ["src/provider/provider.ts", importFrom("../simulator/server.js")],
  ["src/provider/provider.ts", 'export * from "../main.js";\n'],
  ["src/provider/provider.ts", 'export type T = import("../simulator/model.js").Model;\n'],
  ["src/simulator/model.ts", importFrom("../polyai/client.js")],
  ["src/simulator/model.ts", 'export const load = () => import("../provider/provider.js");\n'],
  ["lib/index.ts", importFrom("../src/provider/provider.js")],
  ["lib/index.ts", importFrom("axios")],
];

const allowed: [from: string, text: string][] = [
  ["src/plugin/schema/schema.ts", importFrom("../cty/type.js")],
  ["src/plugin/server/context.ts", importFrom("../framework/diagnostic.js")],
  ["src/provider/provider.ts", importFrom("../plugin/framework/provider.js")],
  ["src/simulator/model.ts", 'export type { T } from "../generated/openapi.js";\n'],
  [
    "src/simulator/model.ts",
    'import { type T } from "../generated/openapi.js";\nexport const t = 1 as T;\n',
  ],
  ["lib/index.ts", importFrom("constructs")],
  ["lib/index.ts", importFrom("node:fs")],
  ["src/plugin.ts", importFrom("./plugin/go-plugin/serve.js")],
];

const careless = `
  export const parse = (text: string): any => JSON.parse(text);
  export const later = async (): Promise<void> => { await Promise.resolve(); };
  export function start(): void { later(); }
  export const size = (text: string): number => parse(text).size;
`;

let found: Found[][];
beforeAll(async () => {
  found = await lint([["src/plugin/cty/type.ts", careless], ...forbidden, ...allowed]);
});

it("refuses any, a promise that nobody waits for, and an unchecked value", () => {
  expect(new Set(found[0]!.map(({ ruleId }) => ruleId))).toEqual(
    new Set([
      "@typescript-eslint/no-explicit-any",
      "@typescript-eslint/no-floating-promises",
      "@typescript-eslint/no-unsafe-return",
      "@typescript-eslint/no-unsafe-member-access",
    ]),
  );
});

it("refuses imports against the arrows, and only these", () => {
  const refused = [...forbidden, ...allowed].filter((_, index) =>
    found[index + 1]!.some(({ ruleId }) => ruleId === "project/one-way-imports"),
  );
  expect(refused).toEqual(forbidden);
});

it("says which layer may not import which", () => {
  expect(found[1]!.map(({ message }) => message)).toContain(
    "src/plugin/cty must not import src/plugin/schema: imports run one way (see ARCHITECTURE.md).",
  );
});
