import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  /** Self-signed, hence its own authority. */
  readonly cert: string;
}

/**
 * A certificate made now, for these hosts.
 *
 * @param hosts as OpenSSL names them: `DNS:api.us.poly.ai`, `IP:127.0.0.1`
 */
export function certificateFor(...hosts: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "polyai-cert-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=test"],
        ...["-addext", `subjectAltName=${hosts.join(",")}`],
      ],
      { stdio: "pipe" },
    );
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
