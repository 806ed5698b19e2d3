import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
  const folder = mkdtempSync(join(tmpdir(), "polyai-cert-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const [issuerKey, issuerCert] = [join(folder, "issuer-key.pem"), join(folder, "issuer.pem")];
    writeFileSync(issuerKey, issuer?.key ?? "");
    writeFileSync(issuerCert, issuer?.cert ?? "");
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-keyout", key, "-out", cert, "-days", "2", "-subj", `/CN=${hosts[0] ?? ""}`],
        ...(issuer === undefined ? [] : ["-CA", issuerCert, "-CAkey", issuerKey]),
        ...["-addext", `subjectAltName=${hosts.join(",")}`],
      ],
      { stdio: "pipe" },
    );
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { env } = process;

/** Gives each test of the file an environment of its own that names no proxy and no authority. */
export function withPlainEnvironment(): void {
  beforeEach(() => {
    const own = Object.entries(env).filter(([name]) => !/^(https?|no)_proxy$|_CERT/i.test(name));
    process.env = Object.fromEntries(own);
  });
  afterAll(() => {
    process.env = env;
  });
}

/** Has this process trust these certificates, and no others. */
export function trust(...certificates: readonly Certificate[]): void {
  const file = join(temporaryFolder(), "ca.pem");
  writeFileSync(file, certificates.map(({ cert }) => cert).join(""));
  Object.assign(process.env, { SSL_CERT_FILE: file, SSL_CERT_DIR: "/nowhere" });
}
