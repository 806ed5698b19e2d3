import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as tls from "node:tls";

/** Go, and so Terraform, reads the first of these files that is there on Linux, … */
const FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
/** … and all files in these folders. */
const FOLDERS = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\w+/=\s]+?-----END CERTIFICATE-----/g;
const NODES_OWN = "Node's own";

/** The authorities that a server's certificate is judged by. */
export interface Authorities {
  /** `undefined` for Node's own, which take Node the least time. */
  readonly context: tls.SecureContext | undefined;
  /** Files, folders and Node, for a person to read. */
  readonly sources: readonly string[];
  /** True if this machine has no others. */
  readonly areAll: boolean;
}

/**
 * On Linux SSL_CERT_FILE and SSL_CERT_DIR name all authorities, as for Go's programs. Without them
 * Node's own come first: {@link allAuthorities} takes up to 0.1 s.
 */
export const firstAuthorities = (): Authorities =>
  process.platform === "linux" && (variable("SSL_CERT_FILE") || variable("SSL_CERT_DIR"))
    ? read([], [])
    : { context: undefined, sources: [NODES_OWN], areAll: false };

/** Node's own, and those of the system: for a server that the first do not vouch for. */
export const allAuthorities = (): Authorities => {
  // From Node 22.15 on. Those that NODE_OPTIONS adds are among them.
  const { getCACertificates } = tls as { getCACertificates?: () => readonly string[] };
  return read(getCACertificates?.() ?? tls.rootCertificates, [NODES_OWN]);
};

function read(own: readonly string[], names: readonly string[]): Authorities {
  const isLinux = process.platform === "linux";
  const file = variable("SSL_CERT_FILE");
  const folders = variable("SSL_CERT_DIR");
  const sources = [
    ...(file === "" ? (isLinux ? FILES : []) : [file]).filter(existsSync).slice(0, 1),
    ...(folders === "" ? (isLinux ? FOLDERS : []) : folders.split(delimiter)).filter(existsSync),
    ...[variable("NODE_EXTRA_CA_CERTS")].filter(existsSync),
  ];
  // Most are in more than one place, and each takes time.
  const all = [...own, ...sources.flatMap((source) => certificatesIn(source, true))];
  const ca = [...new Map(all.map((text) => [text.replace(/\s/g, ""), text])).values()];
  return {
    context: contextOf(ca),
    sources: [...names, ...sources],
    areAll: true,
  };
}

/** Empty if it is not set. */
const variable = (name: string): string => process.env[name] ?? "";

/** The certificates in a file, or in the files of a folder. */
function certificatesIn(path: string, mayBeFolder: boolean): readonly string[] {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return readFileSync(path, "latin1").match(CERTIFICATE) ?? [];
    const names = stats.isDirectory() && mayBeFolder ? readdirSync(path) : [];
    return names.flatMap((name) => certificatesIn(join(path, name), false));
  } catch {
    return [];
  }
}

/** As for Go, each certificate counts, not only one that ends a chain. */
function contextOf(certificates: readonly string[]): tls.SecureContext {
  const trusting = (ca: string[]) => tls.createSecureContext({ ca, allowPartialTrustChain: true });
  try {
    return trusting([...certificates]);
  } catch {
    // Bun takes no list in which one is damaged.
    return trusting(certificates.filter(isWhole));
  }
}

function isWhole(certificate: string): boolean {
  try {
    return Boolean(new X509Certificate(certificate));
  } catch {
    return false;
  }
}
