import {
  formatLine,
  levelFrom,
  loggerTo,
  type LogLevel,
} from "../../../../src/plugin/logging/logger.js";
import { redact } from "../../../../src/plugin/logging/redaction.js";

const capture = (threshold: LogLevel | undefined) => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { lines, logger: loggerTo(write, () => threshold, "provider.test") };
};
const parsed = (fields: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(formatLine("info", "m", "said", fields)) as Record<string, unknown>;

describe("a line", () => {
  it("is JSON as hclog writes it, with a time of six decimals", () => {
    const { lines, logger } = capture("trace");
    logger.warn("it\nhappened", { attempt: 2, rpc: "Read\r\nResource" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\r\n]/);
    expect(JSON.parse(lines[0]!)).toEqual({
      "@level": "warn",
      "@message": "it\nhappened",
      "@module": "provider.test",
      "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      attempt: 2,
      rpc: "Read\r\nResource",
    });
  });

  it("shows errors with their stack, bytes by their number, and what JSON has no form for", () => {
    const fields = parsed({
      error: new TypeError("broken"),
      buffer: Buffer.from("canary"),
      nested: { array: Uint8Array.of(1, 2, 3) },
      big: 2n ** 70n,
      dates: [new Date(0), new Date(NaN)],
    });
    expect(fields["error"]).toMatch(/^TypeError: broken\n\s+at /);
    expect(fields).toMatchObject({
      buffer: "(6 bytes)",
      nested: { array: "(3 bytes)" },
      big: "1180591620717411303424",
      dates: ["1970-01-01T00:00:00.000Z", "(no date)"],
    });
  });

  it("says at least its message if its fields cannot be shown", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const broken = {
      get broken(): never {
        throw new Error("no");
      },
    };
    for (const fields of [{ circle }, { broken }]) {
      expect(parsed(fields)).toMatchObject({ "@message": "said" });
    }
    expect(parsed({ circle })["@note"]).toEqual(expect.any(String));
  });
});

// The protocol's tests show that no line holds a secret that is text.
it("a secret that is a number does not stand in a line", () => {
  redact("8675309867");
  const line = formatLine("info", "m", "x", { id: 8675309867 });
  expect(line).not.toContain("8675309867");
  expect(() => JSON.parse(line)).not.toThrow();
});

describe("the level", () => {
  it.each<[NodeJS.ProcessEnv, LogLevel | undefined]>([
    [{}, undefined],
    [{ TF_LOG: "off" }, undefined],
    [{ TF_LOG: "WARN" }, "warn"],
    [{ TF_LOG: "JSON" }, "trace"],
    [{ TF_LOG: "1" }, "trace"],
    [{ TF_LOG: "ERROR", TF_LOG_PROVIDER: "debug" }, "debug"],
    [{ TF_LOG: "TRACE", TF_LOG_PROVIDER: "off" }, undefined],
  ])("of %j is %s", (environment, level) => {
    expect(levelFrom(environment)).toBe(level);
  });

  it("decides what is written", () => {
    const { lines, logger } = capture("info");
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) logger[level](level);
    const messages = lines.map((line) => (JSON.parse(line) as Record<string, string>)["@message"]);
    expect(messages).toEqual(["info", "warn", "error"]);
  });

  it("off formats nothing: no field is even looked at", () => {
    const { lines, logger } = capture(undefined);
    const looked = jest.fn();
    logger.error("x", Object.defineProperty({}, "costly", { get: looked, enumerable: true }));
    expect(lines).toEqual([]);
    expect(looked).not.toHaveBeenCalled();
  });
});
