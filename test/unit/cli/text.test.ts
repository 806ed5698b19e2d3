import { indented, styled } from "../../../src/cli/text.js";

describe("styled", () => {
  const { NO_COLOR, TERM } = process.env;
  beforeEach(() => {
    delete process.env.NO_COLOR;
    process.env.TERM = "xterm";
  });
  afterEach(() => {
    delete process.env.NO_COLOR;
    Object.assign(process.env, NO_COLOR === undefined ? {} : { NO_COLOR }, { TERM: TERM ?? "" });
  });

  it("colours what goes to a terminal, and nothing else", () => {
    expect(styled("red", "x", { isTTY: true })).toBe("\x1b[31mx\x1b[0m");
    expect(styled("red", "x", { isTTY: false })).toBe("x");
  });

  it.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
  ])("leaves it with %s=%s", (name, value) => {
    process.env[name] = value;
    expect(styled("red", "x", { isTTY: true })).toBe("x");
  });
});

it("indents lines that hold something", () => {
  expect(indented("a\n\nb\n")).toBe("  a\n\n  b\n");
});
