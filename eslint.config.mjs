import js from "@eslint/js";
import markdown from "@eslint/markdown";
import regexp from "eslint-plugin-regexp";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const nodeGlobals = [
  "AbortController",
  "AbortSignal",
  "Buffer",
  "URL",
  "__dirname",
  "__filename",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "module",
  "performance",
  "process",
  "require",
  "setInterval",
  "setTimeout",
];

// Readers of the pages are in a hurry, and many of them are not native.
const PROSE = [
  [
    /(?:^|[.:;] )Where |\bwhere (?:it|this|that|they|there) (?:is|are|was|has)\b/,
    '"where" is a place: write "if"',
  ],
  [/(?:^|[.:;] )What (?![^\n]*\?)/, "Give the sentence a subject instead of What"],
  [/\b(?:dies?|died|dying)\b/, "Say what stopped working, or ended"],
  [/\bstands? (?:in|nowhere|where|there)\b/, 'Write "is"'],
  [/\bat once\b/, 'Write "immediately", or "at the same time"'],
  [
    /\b(?:all the same|anew|oftener|whereby|wherein|thus|hence|shall|lest|whilst|upon|in order to|note that)\b/i,
    "Use a plain word",
  ],
  [/\b(?:simply|just|easily|obviously|of course|please)\b/i, "Leave this word out"],
];

export default defineConfig(
  globalIgnores([
    "dist/",
    ".cache/",
    "coverage/",
    "lib/bindings/",
    "src/generated/",
    "src/plugin/tfplugin6/generated/",
    "**/cdktf.out/",
    "**/.terraform/",
    "**/.gen/",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.md"],
    plugins: { markdown },
    language: "markdown/gfm",
    languageOptions: { frontmatter: "yaml" },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...PROSE.map(([pattern, message]) => ({
          selector: `:not(heading) > text[value=${String(pattern)}]`,
          message,
        })),
      ],
    },
  },
  { files: ["**/*.{js,mjs,cjs,ts}"], ...js.configs.recommended },
  {
    files: ["**/*.{js,mjs,cjs,ts}"],
    rules: {
      // A comment says what a thing is or does, with a subject and a verb.
      "no-warning-comments": [
        "error",
        { terms: ["what", "whether", "where"], location: "start", decoration: ["*"] },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "lib/**/*.ts"],
    // Text from outside must not be able to make a pattern slow.
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": "error",
      "regexp/no-super-linear-move": ["error", { ignoreSticky: false, report: "potential" }],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])),
    },
  },
  {
    files: ["**/*.cjs", "*.js"],
    languageOptions: { sourceType: "commonjs" },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreRestSiblings: true, argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      // A type parameter that is used once still carries a schema's type through inference.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Spreading a string into code points is what is meant here, wherever it is done.
      "@typescript-eslint/no-misused-spread": "off",
      // An async function with no await turns a throw into a rejection, as its interface promises.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: "error",
    },
  },
  {
    files: ["test/**/*.ts", "examples/**/*.ts"],
    rules: {
      // Matchers such as expect.any are typed as any, and a wrong `!` fails the test as it should.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
