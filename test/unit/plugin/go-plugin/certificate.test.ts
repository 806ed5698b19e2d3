import { createPrivateKey, X509Certificate } from "node:crypto";
import { createCertificate } from "../../../../src/plugin/go-plugin/certificate.js";
import * as der from "../../../../src/plugin/go-plugin/der.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("DER", () => {
  // From X.690, and from what openssl asn1parse shows.
  it.each([
    ["true", der.bool(true), "0101ff"],
    ["an integer", der.integer(Buffer.of(5)), "020105"],
    ["an integer whose first bit is set", der.integer(Buffer.of(0x80)), "02020080"],
    ["an integer with leading zeros", der.integer(Buffer.of(0, 0, 1)), "020101"],
    ["zero", der.integer(Buffer.of(0)), "020100"],
    ["an object identifier", der.oid("1.2.840.10045.4.3.2"), "06082a8648ce3d040302"],
    ["a short object identifier", der.oid("2.5.29.15"), "0603551d0f"],
    ["a string of bits", der.bits(Buffer.of(0b1000_0100), 2), "03020284"],
    ["text", der.utf8("é"), "0c02c3a9"],
    [
      "a time",
      der.time(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678))),
      "180f" + Buffer.from("20260102030405Z").toString("hex"),
    ],
    ["a sequence", der.sequence(der.bool(false), der.bool(true)), "300601010001" + "01ff"],
    ["a set", der.setOf(der.bool(true)), "31030101ff"],
    ["a tag around", der.explicit(3, der.bool(true)), "a3030101ff"],
    ["a tag in place", der.implicit(2, Buffer.from("a")), "820161"],
  ])("encodes %s", (_what, encoded, expected) => {
    expect(hex(encoded)).toBe(expected);
  });

  it.each([
    [127, "047f"],
    [128, "048180"],
    [255, "0481ff"],
    [256, "04820100"],
    [65_535, "0482ffff"],
  ])("encodes a length of %d", (length, header) => {
    expect(hex(der.octets(Buffer.alloc(length))).startsWith(header)).toBe(true);
  });
});

describe("the certificate", () => {
  const now = Date.UTC(2026, 10, 24, 12);
  const created = createCertificate(now);
  const certificate = new X509Certificate(created.cert);

  it("names localhost, and may be a root that signs itself", () => {
    expect(certificate.subject).toBe("CN=localhost");
    expect(certificate.issuer).toBe("CN=localhost");
    expect(certificate.subjectAltName).toBe("DNS:localhost");
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
  });

  it("is signed with its own key, on P-256", () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(created.key))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  });

  it("serves both ends of a connection", () => {
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
