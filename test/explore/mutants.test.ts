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

const MUTANTS: Readonly<Record<string, Mutant>> = {
  "the mark of an unconfirmed rotation": {
    module: "../../src/provider/webhook-secret/decide.js",
    without: ({ decideRotation }) => ({
      decideRotation: (request: Parameters<Decide>[0]) =>
        (decideRotation as Decide)({ ...request, unconfirmed: false }),
    }),
  },
  "the guard of the settings": {
    module: "../../src/provider/api-calls.js",
    without: () => ({ assertSameOrigin: () => undefined }),
  },
};

it.each(Object.entries(MUTANTS))(
  "finds a broken promise without %s",
  async (_, { module, without }) => {
    jest.resetModules();
    const actual = jest.requireActual<Readonly<Record<string, unknown>>>(module);
    jest.doMock(module, () => ({ ...actual, ...without(actual) }));
    const { explore } = require("./explore.js") as typeof Explorer;
    const { broken, text } = await explore({ histories: 20_000, seed: 14 });
    jest.dontMock(module);
    expect(broken).toBe(true);
    expect(text).toMatch(/=> (silent dead secret|state lost)/);
  },
);
