import type { Client } from "../../../src/provider/client.js";
import { changesBetween, crud, kept } from "../../../src/provider/crud.js";
import { PolyaiError, type ErrorKind } from "../../../src/polyai/errors.js";
import { placeOf } from "../../../src/polyai/regions.js";

describe("what was created", () => {
  const failure = (kind: ErrorKind) =>
    new PolyaiError(`It was ${kind}.`, {
      kind,
      ambiguous: false,
      attempts: 1,
      place: placeOf(undefined, undefined),
      apiKeySource: "a test",
    });
  interface Thing {
    readonly name: string;
    readonly id: string;
  }
  const timing = { sleep: () => Promise.resolve() };
  const settingsFor = () => ({ url: "https://example.com", key: "00000000" });
  const client = { settingsFor, api: { timing } } as unknown as Client;
  const never = (): Promise<never> => Promise.reject(new Error("not called"));

  /** Creates a thing whose readings fail, one after another, with these. */
  const create = async (...failures: Error[]) => {
    const { state, diagnostics = [] } = await crud<{ readonly name: string }, Thing, Thing>({
      noun: "thing",
      isId: () => undefined,
      settings: [],
      dataSource: "things",
      api: () => ({
        create: ({ name }) => Promise.resolve({ name, id: "th_1" }),
        get: () => Promise.reject(failures.shift() ?? new Error("read once more")),
        update: never,
        delete: never,
      }),
    }).create(client, { name: "one" }, ({ id }) => id);
    expect(state).toBe("th_1");
    return diagnostics.map(({ severity, summary, detail }) => [severity, summary, detail]);
  };

  it.each<ErrorKind>(["server", "rate_limited", "timeout", "network", "cancelled"])(
    "is left alone after a %s failure to read it, which says nothing about it",
    async (kind) => {
      expect(await create(failure("not_found"), failure(kind))).toEqual([]);
    },
  );

  it.each([
    ["an id that the client refuses", failure("invalid_id"), "It was invalid_id."],
    ["an answer in another shape", failure("invalid_response"), "It was invalid_response."],
    ["a refusal", failure("forbidden"), "It was forbidden."],
    ["a fault of the provider", new TypeError("secret"), "please report it."],
  ])("is in the state with a warning after %s", async (_, thrown, detail) => {
    expect(await create(thrown)).toEqual([
      ["warning", "Thing th_1 was created but cannot be read", expect.stringContaining(detail)],
    ]);
  });
});

describe("changes between settings", () => {
  it("are the settings whose values differ, whatever the order of keys", () => {
    const before = { name: "a", headers: { x: "1", y: "2" }, types: ["a", "b"], limit: 1 };
    const after = { name: "b", headers: { y: "2", x: "1" }, types: ["a"], limit: 1 };
    expect(changesBetween(before, after)).toEqual({ name: "b", types: ["a"] });
  });

  it("hold a value that is null now, and a key that is new", () => {
    const before: Record<string, unknown> = { project: "p" };
    expect(changesBetween(before, { project: null, added: 0 })).toEqual({
      project: null,
      added: 0,
    });
  });

  it("are none where nothing changed", () => {
    expect(changesBetween({ a: [1], b: null }, { b: null, a: [1] })).toEqual({});
  });
});

describe("a setting that was read", () => {
  const lower = (text: string): string => text.toLowerCase();

  it("is kept as it was planned where it means the same", () => {
    expect(kept("Name", "name", lower)).toBe("Name");
  });

  it("is what the API says where it means another thing, or nothing was planned", () => {
    expect(kept("Name", "other", lower)).toBe("other");
    expect(kept(null, "name", lower)).toBe("name");
    expect(kept(undefined, "name", lower)).toBe("name");
  });
});
