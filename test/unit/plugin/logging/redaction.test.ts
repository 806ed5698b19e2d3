import * as fc from "fast-check";
import { Redactor } from "../../../../src/plugin/logging/redaction.js";

const SECRET = 'whsec_Ab+/9"\\é (0123456789)';

const cleaned = (text: string, ...secrets: readonly string[]): string => {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.register(secret);
  return redactor.clean(text);
};
const escape = (text: string): string => JSON.stringify(text).slice(1, -1);

// The protocol's tests show more encodings in all that leaves a process.
describe("a registered secret", () => {
  it.each([
    ["as it is", SECRET],
    ["in a URL with small letters", encodeURIComponent(SECRET).replace("%5C%C3%A9", "%5c%c3%a9")],
    ["in HTML", SECRET.replace('"', "&quot;").replace("é", "&#xe9;").replace("+", "&#43;")],
    ["in JSON as Go and Python write it", escape(SECRET).replaceAll("é", "\\u00e9")],
    ["in JSON in a URL in HTML", encodeURIComponent(escape(SECRET)).replaceAll("%", "&#37;")],
    ["cut over lines", SECRET.replace(/.{5}/g, "$&\r\n  ")],
    ["in capitals", SECRET.toUpperCase().replaceAll("É", "é")],
  ])("is taken out %s", (_how, form) => {
    expect(cleaned(`a ${form} b ${form}`, SECRET)).toBe("a (sensitive) b (sensitive)");
  });

  it.each(["", "a", "ab", "user:", "x".repeat(100)])(
    "is taken out of base64 of a longer text in either alphabet, after %j",
    (before) => {
      for (const secret of [SECRET, "~?>~?>>?~ÿ~?>?~"]) {
        for (const encoding of ["base64", "base64url"] as const) {
          const text = Buffer.from(`${before}${secret}:and more`).toString(encoding);
          const left = cleaned(text, secret).split("(sensitive)");
          expect(left).toHaveLength(2);
          // No three bytes of the secret are left to decode.
          const rest = left.map((part) => Buffer.from(part, "base64").toString());
          expect(rest.join("")).not.toMatch(/whs|sec|012|789|~\?>|>\?~/);
        }
      }
    },
  );

  it("is taken out at both ends, where two touch, and line by line if it has lines", () => {
    expect(cleaned("secret-1secret-2", "secret-1", "secret-2")).toBe("(sensitive)");
    expect(cleaned("got second-line", "first-line\nsecond-line\r\n")).toBe("got (sensitive)");
  });

  it.each([
    ["abcdef", "abcdefgh"],
    ["abcdefgh", "abcdef"],
  ])("is taken out whole if another begins it: %s, then %s", (first, second) => {
    expect(cleaned("abcdefgh abcdef", first, second)).toBe("(sensitive) (sensitive)");
  });

  it.each(["nothing to hide", "", "wh", "whsec_other"])("leaves all else as it was: %j", (text) => {
    expect(cleaned(text, SECRET)).toBe(text);
  });

  it("is not looked for if it is shorter than six characters", () => {
    expect(cleaned("a text of abcde", "", "a", "abcde")).toBe("a text of abcde");
    expect(cleaned("a text of abcdef", "abcdef")).toBe("a text of (sensitive)");
  });

  it.each([SECRET.slice(0, 6), SECRET.slice(0, -1), `${escape(SECRET).slice(0, 20)}\\u00e`])(
    "is taken out if it was cut, before the mark of that: %s",
    (cut) => {
      expect(cleaned(`got ${cut}… and so on`, SECRET)).toMatch(
        /^got \(sensitive\)(?:\\u00e)?… and so on$/,
      );
    },
  );

  it("counts from when it was registered, and again costs nothing", () => {
    const redactor = new Redactor();
    expect(redactor.clean("first-secret")).toBe("first-secret");
    redactor.register("first-secret");
    expect(redactor.clean("first-secret second-secret")).toBe("(sensitive) second-secret");
    redactor.register("second-secret");
    redactor.register("second-secret");
    expect(redactor.clean("first-secret second-secret")).toBe("(sensitive) (sensitive)");
  });

  it("never stands in a text, whatever the two are", () => {
    const unit = fc.constantFrom("a", "b", '"', "é");
    const secret = fc.string({ minLength: 6, maxLength: 12, unit });
    const some = fc.array(secret, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(some, fc.string(), (secrets, between) => {
        const text = secrets.flatMap((one) => [one, between, escape(one)]).join(between);
        const left = cleaned(text, ...secrets).replaceAll("(sensitive)", "\u0000");
        return secrets.every((one) => !left.includes(one));
      }),
    );
  });
});

it("beyond the limit of secrets, all text is withheld rather than one let through", () => {
  const redactor = new Redactor(1);
  redactor.register("first-secret");
  expect(redactor.clean("plain")).toBe("plain");
  redactor.register("second-secret");
  redactor.register("third-secret");
  expect(redactor.clean("plain third-secret")).toBe("(sensitive)");
});
