import { indented, paint } from "../../../src/cli/text.js";

describe("paint", () => {
  const { NO_COLOR, TERM } = process.env;
  beforeEach(() => {
    delete process.env.NO_COLOR;
    process.env.TERM = "xterm";
  });
  afterEach(() => {
    delete process.env.NO_COLOR;
    Object.assign(process.env, NO_COLOR === undefined ? {} : { NO_COLOR }, { TERM: TERM ?? "" });
  });

  it("colours what goes to a terminal", () => {
    expect(paint({ isTTY: true }).red("x")).toBe("\x1b[31mx\x1b[39m");
  });

  it("leaves what goes to a file or a pipe as it is", () => {
    expect(paint({ isTTY: false }).red("x")).toBe("x");
  });

  it.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
  ])("leaves it with %s=%s", (name, value) => {
    process.env[name] = value;
    expect(paint({ isTTY: true }).red("x")).toBe("x");
  });
});

it("indents lines that hold something", () => {
  expect(indented("a\n\nb\n")).toBe("  a\n\n  b\n");
});
