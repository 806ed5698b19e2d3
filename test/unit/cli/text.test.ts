import { indented, styled } from "../../../src/cli/text.js";

afterEach(() => jest.restoreAllMocks());

it.each([
  ["to a terminal", true, {}, "\x1b[31mx\x1b[0m"],
  ["elsewhere", false, {}, "x"],
  ["with NO_COLOR", true, { NO_COLOR: "1" }, "x"],
  ["to a dumb terminal", true, { TERM: "dumb" }, "x"],
])("text %s has the colours that it may have", (_, isTTY, given, expected) => {
  jest.replaceProperty(process, "env", { TERM: "xterm", ...given });
  expect(styled("red", "x", { isTTY })).toBe(expected);
});

it("indents lines that hold something", () => {
  expect(indented("a\n\nb\n")).toBe("  a\n\n  b\n");
});
