import { createPrivateKey, X509Certificate } from "node:crypto";
import { createCertificate } from "../../../../src/plugin/go-plugin/certificate.js";

const now = Date.UTC(2026, 10, 24, 12);
const created = createCertificate(now);
const certificate = new X509Certificate(created.cert);

it("is a root for localhost that signs itself, on P-256, and serves both ends of a connection", () => {
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect([certificate.subject, certificate.issuer]).toEqual(["CN=localhost", "CN=localhost"]);
  expect([certificate.ca, certificate.checkIssued(certificate)]).toEqual([true, true]);
  expect(certificate.checkPrivateKey(createPrivateKey(created.key))).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(created.der.equals(certificate.raw)).toBe(true);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
});

it("holds from the day before, for a year", () => {
  expect(new Date(certificate.validFrom).getTime()).toBe(now - 24 * 3_600_000);
  expect(new Date(certificate.validTo).getTime()).toBe(now + 365 * 24 * 3_600_000);
});

it("is well-formed each of many times: keys and signatures differ in length", () => {
  for (let count = 0; count < 200; count++) {
    const parsed = new X509Certificate(createCertificate(now).cert);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
  }
});
