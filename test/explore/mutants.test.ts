/**
 * The explorer is tested by providers that lack one part of the mechanism each: it must find out.
 * A part is taken out by replacing the module that has it.
 */
import type * as Explorer from "./explore.js";

interface Mutant {
  readonly module: string;
  /** The module's exports without the part. */
  readonly without: (actual: Readonly<Record<string, unknown>>) => object;
}

type Decide = (request: { readonly unconfirmed: boolean }) => unknown;
type Prototype = { readonly prototype: Record<string, unknown> };

interface Resource {
  readonly delete: (request: { readonly privateState: object }) => Promise<object>;
}

const withoutMark = (resource: Resource): Resource => ({
  ...resource,
  delete: async (request) => {
    const left = await resource.delete(request);
    return "privateState" in left ? { ...left, privateState: request.privateState } : left;
  },
});

const SECRET = "../../src/provider/webhook-secret";
const MUTANTS: Readonly<Record<string, Mutant>> = {
  "the order of an endpoint's changes": {
    module: `${SECRET}/endpoint.js`,
    without: ({ Endpoint }) => {
      (Endpoint as Prototype).prototype["inTurn"] = (change: () => unknown) => change();
      return {};
    },
  },
  "the rule of the successor": {
    module: `${SECRET}/endpoint.js`,
    without: ({ Endpoint }) => {
      (Endpoint as Prototype).prototype["changedByAnother"] = () => undefined;
      return {};
    },
  },
  "the marks of reading": {
    module: `${SECRET}/endpoint.js`,
    without: () => ({ marksOf: () => ({}) }),
  },
  "the mark of an unconfirmed rotation": {
    module: `${SECRET}/decide.js`,
    without: ({ decideRotation }) => ({
      decideRotation: (request: Parameters<Decide>[0]) =>
        (decideRotation as Decide)({ ...request, unconfirmed: false }),
    }),
  },
  "the mark of a failed delete": {
    module: `${SECRET}/resource.js`,
    without: ({ webhookSecret }) => ({ webhookSecret: withoutMark(webhookSecret as Resource) }),
  },
  "the guard of the settings": {
    module: "../../src/provider/settings.js",
    without: () => ({ assertGone: () => undefined }),
  },
  "the rule of NFC": {
    module: "../../src/polyai/shape.js",
    without: ({ nonEmptyString }) => ({ secretText: nonEmptyString }),
  },
};

/** On a busy machine too, which plays 20 histories a second. */
jest.setTimeout(20 * 60_000);

it.each(Object.entries(MUTANTS))(
  "finds a broken promise without %s",
  async (_, { module, without }) => {
    jest.resetModules();
    const actual = jest.requireActual<Readonly<Record<string, unknown>>>(module);
    jest.doMock(module, () => ({ ...actual, ...without(actual) }));
    const { explore } = require("./explore.js") as typeof Explorer;
    const { broken } = await explore({
      histories: 20_000,
      seed: 14,
      shrinks: false,
      kinds: ["silent dead secret", "state lost", "refused plan"],
    });
    jest.dontMock(module);
    expect(broken).toBe(true);
  },
);
