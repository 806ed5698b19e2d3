import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.js";

export interface Certificate {
  readonly key: string;
  /** Self-signed, hence its own authority. */
  readonly cert: string;
}

/**
 * A certificate made now, for these hosts, that is its own authority.
 *
 * @param hosts as OpenSSL names them: `DNS:api.us.poly.ai`, `IP:127.0.0.1`
 */
export const certificateFor = (...hosts: readonly string[]): Certificate => certify(hosts);

/** @param issuer signs it, instead of itself */
export function certify(hosts: readonly string[], issuer?: Certificate): Certificate {
  const folder = temporaryFolder();
  const [key, cert, issuerFile] = ["key.pem", "cert.pem", "issuer.pem"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  if (issuer !== undefined) writeFileSync(issuerFile, issuer.key + issuer.cert);
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", cert, "-days", "2", "-subj", `/CN=${hosts[0] ?? ""}`],
    ...(issuer === undefined ? [] : ["-CA", issuerFile, "-CAkey", issuerFile]),
    ...["-addext", `subjectAltName=${hosts.join(",")}`],
  ];
  execFileSync("openssl", args, { stdio: "pipe" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

/** Gives each test of the file an environment of its own that names no proxy and no authority. */
export function withPlainEnvironment(): void {
  beforeEach(() => {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(https?|no)_proxy$|_CERT/i.test(name),
    );
    jest.replaceProperty(process, "env", Object.fromEntries(own));
  });
  afterEach(() => jest.restoreAllMocks());
}

/** Has this process trust these certificates, and no others. */
export function trust(...certificates: readonly Certificate[]): void {
  const file = join(temporaryFolder(), "ca.pem");
  writeFileSync(file, certificates.map(({ cert }) => cert).join(""));
  Object.assign(process.env, { SSL_CERT_FILE: file, SSL_CERT_DIR: "/nowhere" });
}
