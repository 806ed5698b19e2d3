import { changesBetween, kept } from "../../../src/provider/crud.js";

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
