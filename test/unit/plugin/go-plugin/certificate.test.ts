import { createPrivateKey, X509Certificate } from "node:crypto";
import { createCertificate } from "../../../../src/plugin/go-plugin/certificate.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("the certificate", () => {
  const now = Date.UTC(2026, 10, 24, 12);
  const created = createCertificate(now);
  const certificate = new X509Certificate(created.cert);

  it("is a root for localhost that signs itself, on P-256, and serves both ends of a connection", () => {
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect([certificate.subject, certificate.issuer]).toEqual(["CN=localhost", "CN=localhost"]);
    expect([certificate.ca, certificate.checkIssued(certificate)]).toEqual([true, true]);
    expect(certificate.checkPrivateKey(createPrivateKey(created.key))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  });

  it("holds from the day before, for a year", () => {
    expect(new Date(certificate.validFrom).getTime()).toBe(now - 24 * 3_600_000);
    expect(new Date(certificate.validTo).getTime()).toBe(now + 365 * 24 * 3_600_000);
  });

  it("is the same in DER and in PEM", () => {
    expect(hex(certificate.raw)).toBe(hex(created.der));
    expect(created.cert.split("\n").every((line) => line.length <= 64)).toBe(true);
  });

  it("is another one each time", () => {
    const other = new X509Certificate(createCertificate(now).cert);
    expect(other.serialNumber).not.toBe(certificate.serialNumber);
    expect(other.publicKey.equals(certificate.publicKey)).toBe(false);
  });

  it("is well-formed each of many times: keys and signatures differ in length", () => {
    for (let count = 0; count < 200; count++) {
      const { cert } = createCertificate(now);
      const parsed = new X509Certificate(cert);
      expect(parsed.verify(parsed.publicKey)).toBe(true);
    }
  });
});
