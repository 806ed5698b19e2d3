import { createHmac } from "node:crypto";
import { runInNewContext } from "node:vm";
import {
  signWebhook,
  verifyWebhook,
  type VerifyWebhookOptions,
} from "../../../src/webhooks/index.js";

const SECRET = "whsec_test_0123456789";
const PREVIOUS = "whsec_previous";
const TIMESTAMP = "1760000000";
const BODY = '{"type":"alerts.triggered"}';
const NO_UTF8 = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
const NOW = new Date(1760000000_000);

// Each from: printf '1760000000.BODY' | openssl dgst -sha256 -hmac SECRET
const SIGNED = "70ec9cbca0cf2b8fc3c0c662034ff4d7d5af46079c8e28b3e872ee600ba429a3";
const SIGNED_BY_PREVIOUS = "a6b545cee6408bf7dd315bf38be276b9a68e2c197bcc4a6b44b91fcabb26ba84";

const headers = (overrides: Record<string, string | string[] | undefined> = {}) => ({
  "x-polyai-timestamp": TIMESTAMP,
  "x-polyai-signature": SIGNED,
  "x-polyai-event-id": "evt_1",
  ...overrides,
});

function verify(overrides: Partial<VerifyWebhookOptions> & { headers?: unknown } = {}) {
  return verifyWebhook({
    payload: BODY,
    headers: headers(),
    secrets: SECRET,
    now: NOW,
    ...overrides,
  } as VerifyWebhookOptions);
}

const verifyValues = (values: object) =>
  verifyWebhook({ payload: BODY, secrets: SECRET, now: NOW, ...values } as VerifyWebhookOptions);

describe("signWebhook", () => {
  it.each([
    [SECRET, BODY, SIGNED],
    [PREVIOUS, BODY, SIGNED_BY_PREVIOUS],
    ["пароль-密钥", BODY, "df2e2eb15231320ce27db55eaafb50eb90e5eaafe05cdb0ec098bafc60db15c3"],
    [SECRET, "", "20ac986e9d5a250871692bee7b61c96f72ec81a6deee831c7628f8a4a96823fb"],
    [SECRET, NO_UTF8, "4ff1e88e6c7f1afcf2aa7905d7678c8bbd5a98c7a87a51aff1e94d511a0ad462"],
  ])("agrees with openssl on the secret %s and the body %p", (secret, payload, expected) => {
    expect(signWebhook({ secret, timestamp: TIMESTAMP, payload })).toBe(expected);
    expect(signWebhook({ secret, timestamp: Number(TIMESTAMP), payload })).toBe(expected);
  });

  it.each([1.5, -1, Number.NaN, 1e21, "", "12a", " 12"])(
    "refuses the timestamp %p",
    (timestamp) => {
      expect(() => signWebhook({ secret: SECRET, timestamp, payload: BODY })).toThrow(TypeError);
    },
  );

  it("refuses an empty secret", () => {
    expect(() => signWebhook({ secret: "", timestamp: 1, payload: BODY })).toThrow(TypeError);
  });
});

/** The body as bytes of another realm. */
const foreign = runInNewContext(`Uint8Array.from([${Buffer.from(BODY).join()}])`) as Uint8Array;

describe("verifyWebhook", () => {
  it("accepts a delivery and gives its event id, time and secret", () => {
    expect(verify()).toEqual({ valid: true, eventId: "evt_1", timestamp: NOW, secretIndex: 0 });
  });

  it.each([
    ["a Buffer", Buffer.from(BODY)],
    ["an ArrayBuffer", new TextEncoder().encode(BODY).buffer],
    ["a DataView", new DataView(new TextEncoder().encode(BODY).buffer)],
    ["bytes of another realm", foreign],
    ["an ArrayBuffer of another realm", foreign.buffer],
  ])("accepts the raw body as %s", (_, payload) => {
    expect(verify({ payload: payload as Buffer })).toMatchObject({ valid: true });
  });

  it("accepts timestamp and signature given without headers", () => {
    const result = verifyValues({ timestamp: TIMESTAMP, signature: SIGNED });
    expect(result).toEqual({ valid: true, eventId: null, timestamp: NOW, secretIndex: 0 });
  });

  const SENT = { "X-PolyAI-Timestamp": TIMESTAMP, "X-PolyAI-Signature": SIGNED };
  it.each([
    ["documented letter case", SENT],
    ["arrays of one", { "x-polyai-timestamp": [TIMESTAMP], "x-polyai-signature": [SIGNED] }],
    ["fetch's Headers", new Headers(SENT)],
  ])("reads headers in %s", (_, given) => {
    expect(verify({ headers: given })).toMatchObject({ valid: true, eventId: null });
  });

  it("is not misled by a plain header that is named get", () => {
    expect(verify({ headers: { ...headers(), get: "x" } })).toMatchObject({ valid: true });
  });

  it.each([
    ["the current secret", [SECRET, PREVIOUS], SIGNED, 0],
    ["the previous secret", [SECRET, PREVIOUS], SIGNED_BY_PREVIOUS, 1],
    ["the current secret, with no previous one yet", [SECRET, undefined, null, ""], SIGNED, 0],
    ["the second secret, with no first one", [null, SECRET], SIGNED, 1],
  ])("while a rotation rolls out, accepts %s, and says which", (_, secrets, signature, index) => {
    const given = headers({ "x-polyai-signature": signature });
    expect(verify({ secrets, headers: given })).toMatchObject({ valid: true, secretIndex: index });
  });

  const signed = (signature?: string | string[]) => headers({ "x-polyai-signature": signature });
  const at = (timestamp?: string | string[]) => headers({ "x-polyai-timestamp": timestamp });

  it.each([
    ["no timestamp", at(undefined), "header_missing"],
    ["no signature", signed(undefined), "header_missing"],
    ["an empty list of signatures", signed([]), "header_missing"],
    ["no headers", {}, "header_missing"],
    ["fetch's Headers that lack both", new Headers(), "header_missing"],
    ["two signatures", signed([SIGNED, SIGNED]), "header_repeated"],
    ["one signature in two cases", headers({ "X-PolyAI-Signature": SIGNED }), "header_repeated"],
    ["two timestamps", at([TIMESTAMP, "1"]), "header_repeated"],
    ["two signatures that Node joined", signed(`${SIGNED}, ${SIGNED}`), "signature_malformed"],
    ["an upper-case signature", signed(SIGNED.toUpperCase()), "signature_malformed"],
    ["a scheme before the signature", signed(`sha256=${SIGNED}`), "signature_malformed"],
    ["a short signature", signed(SIGNED.slice(2)), "signature_malformed"],
    ["a long signature", signed(`${SIGNED}00`), "signature_malformed"],
    ["a line break after the signature", signed(`${SIGNED}\n`), "signature_malformed"],
    ["an empty signature", signed(""), "signature_malformed"],
    ["another signature", signed("0".repeat(64)), "signature_mismatch"],
    ["a timestamp that was not signed", at("1760000001"), "signature_mismatch"],
    ["the same time with a zero before it", at(`0${TIMESTAMP}`), "signature_mismatch"],
  ])("rejects %s", (_, given, reason) => {
    expect(verify({ headers: given })).toEqual({ valid: false, reason });
  });

  it.each([
    ["timestamp", { signature: SIGNED }],
    ["signature", { timestamp: TIMESTAMP }],
  ])("rejects values without a %s, as plain JavaScript may give them", (_, values) => {
    expect(verifyValues(values)).toEqual({ valid: false, reason: "header_missing" });
  });

  it.each(["1760000000.5", " 1760000000", "1760000000\n", "", "١٧٦٠٠٠٠٠٠٠", "9".repeat(40)])(
    "rejects the timestamp %p as malformed, even if it is signed",
    (timestamp) => {
      const signature = createHmac("sha256", SECRET).update(`${timestamp}.${BODY}`).digest("hex");
      const given = headers({ "x-polyai-timestamp": timestamp, "x-polyai-signature": signature });
      expect(verify({ headers: given })).toEqual({ valid: false, reason: "timestamp_malformed" });
    },
  );

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])("with 300 s of tolerance, takes a delivery %i s from its signing: %p", (seconds, valid) => {
    const result = verify({ now: new Date(NOW.getTime() + seconds * 1000) });
    const refused = { valid: false, reason: "timestamp_outside_tolerance" };
    expect(result).toMatchObject(valid ? { valid } : refused);
  });

  it("takes the tolerance that is given", () => {
    const now = new Date(NOW.getTime() + 2000);
    expect(verify({ now, toleranceSeconds: 1 })).toMatchObject({ valid: false });
    expect(verify({ now, toleranceSeconds: 2 })).toMatchObject({ valid: true });
    expect(verify({ toleranceSeconds: 0 })).toMatchObject({ valid: true });
  });

  it("measures from the present where now is not given", () => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = signWebhook({ secret: SECRET, timestamp, payload: BODY });
    const given = { payload: BODY, secrets: SECRET };
    expect(verifyWebhook({ ...given, timestamp, signature })).toMatchObject({ valid: true });
    const old = verifyWebhook({ ...given, timestamp: TIMESTAMP, signature: SIGNED });
    expect(old).toEqual({ valid: false, reason: "timestamp_outside_tolerance" });
  });

  it("rejects a body with white space added", () => {
    const result = verify({ payload: `${BODY} ` });
    expect(result).toEqual({ valid: false, reason: "signature_mismatch" });
  });

  /** Runs this with properties on the prototype of every object. */
  function polluted<T>(properties: object, run: () => T): T {
    for (const [name, value] of Object.entries(properties)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true });
    }
    try {
      return run();
    } finally {
      for (const name of Object.keys(properties)) Reflect.deleteProperty(Object.prototype, name);
    }
  }

  it.each([{ toleranceSeconds: Infinity }, { now: NOW }])(
    "takes no %p from a prototype that somebody has polluted",
    (properties) => {
      const options = { payload: BODY, timestamp: TIMESTAMP, signature: SIGNED, secrets: SECRET };
      const result = polluted(properties, () => verifyWebhook(options));
      expect(result).toEqual({ valid: false, reason: "timestamp_outside_tolerance" });
    },
  );

  it("takes no secret and no header from such a prototype", () => {
    const given = { payload: BODY, timestamp: TIMESTAMP, now: NOW };
    polluted({ secrets: SECRET, secret: SECRET, headers: {}, signature: SIGNED }, () => {
      expect(() => verifyWebhook(given as never)).toThrow(TypeError);
      const result = verifyWebhook({ ...given, secrets: "x" } as never);
      expect(result).toEqual({ valid: false, reason: "header_missing" });
      expect(() => signWebhook(given as never)).toThrow(TypeError);
    });
  });

  it.each([
    ["an empty secret", { secrets: "" }, /at least one signing secret/],
    ["a line break after a secret", { secrets: `${SECRET}\n` }, /white space around it/],
    ["no secret", { secrets: [] }, /at least one signing secret/],
    ["secrets that are all absent", { secrets: [undefined, null] }, /at least one signing secret/],
    ["a parsed body", { payload: JSON.parse(BODY) as string }, /raw request body/],
    ["a negative tolerance", { toleranceSeconds: -1 }, /toleranceSeconds must be/],
    ["a tolerance that is no number", { toleranceSeconds: Number.NaN }, /toleranceSeconds must be/],
    ["a time that is no time", { now: new Date(Number.NaN) }, /now must be a valid Date/],
  ])("throws on %s, which is the caller's mistake", (_, overrides, message) => {
    const call = () => verify(overrides);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
    expect(call).not.toThrow("whsec");
  });
});
