import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  bits,
  bool,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  setOf,
  time,
  utf8,
} from "./der.js";

export interface Certificate {
  /** The certificate itself, as the handshake line carries it. */
  readonly der: Buffer;
  /** For TLS. */
  readonly cert: string;
  readonly key: string;
}

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const HOST = "localhost";
const DAY = 24 * 60 * 60 * 1000;

/**
 * A key that lives as long as this process, and a certificate that it signs for itself: what
 * go-plugin calls automatic mTLS. The host takes it as a root (so it is a CA) for `localhost`.
 */
export function createCertificate(now = Date.now()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const name = sequence(setOf(sequence(oid("2.5.4.3"), utf8(HOST))));
  // RFC 5280, 4.1
  const tbs = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    name,
    // A host whose clock is a little behind must not refuse it.
    sequence(time(new Date(now - DAY)), time(new Date(now + 365 * DAY))),
    name,
    publicKey,
    explicit(3, EXTENSIONS),
  );
  const der = sequence(tbs, ECDSA_WITH_SHA256, bits(sign("sha256", tbs, privateKey)));
  return { der, cert: toPem(der), key: privateKey };
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [bool(true)] : []), octets(value));

// RFC 5280, 4.2.1
const EXTENSIONS = sequence(
  // Key usage: digitalSignature and keyCertSign.
  extension("2.5.29.15", true, bits(Buffer.of(0b1000_0100), 2)),
  // Extended key usage: serverAuth, clientAuth.
  extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
  extension("2.5.29.19", true, sequence(bool(true))),
  // Subject alternative name: a dNSName.
  extension("2.5.29.17", false, sequence(implicit(2, Buffer.from(HOST)))),
);

const toPem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
