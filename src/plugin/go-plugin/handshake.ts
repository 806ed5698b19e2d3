import { X509Certificate } from "node:crypto";

/** Names the variable by which a host says that it started a plugin on purpose. */
export const COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE";
export const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/** The version of the handshake itself. */
const CORE_VERSION = 1;
const PROTOCOL_VERSION = 6;

/** The host's settings for a plugin that it starts. */
export interface Handshake {
  /** The certificate (DER) of the only peer to serve; `undefined` where the host turned TLS off. */
  readonly hostCertificate: Buffer | undefined;
  /** The folder for the socket's folder; `undefined` if the host does not care. */
  readonly socketParent: string | undefined;
  /** The ports to take one of, both ends included; 0 stands for any free one. For TCP only. */
  readonly ports: { readonly lowest: number; readonly highest: number };
}

/** Why this process cannot serve, for a person to read. */
export class HandshakeError extends Error {}

/**
 * @param name what a person calls this program
 * @throws HandshakeError where no host, or none that this plugin can serve, started it
 */
export function readHandshake(environment: NodeJS.ProcessEnv, name: string): Handshake {
  if (environment[COOKIE_NAME] !== COOKIE) {
    throw new HandshakeError(
      `${name} is a plugin: Terraform and OpenTofu start it, and it does nothing on its own.\n` +
        "Name the provider in required_providers and run `terraform init`.",
    );
  }
  const versions = environment["PLUGIN_PROTOCOL_VERSIONS"] ?? "";
  if (!versions.split(",").includes(String(PROTOCOL_VERSION))) {
    throw new HandshakeError(
      `${name} speaks version ${PROTOCOL_VERSION} of Terraform's plugin protocol, and this host speaks ` +
        `${versions === "" ? "none that it names" : versions}. Use Terraform 1.5 or later, or OpenTofu.`,
    );
  }
  return {
    hostCertificate: readHostCertificate(environment, name),
    socketParent: environment["PLUGIN_UNIX_SOCKET_DIR"] || undefined,
    ports: readPorts(environment),
  };
}

/** A host that names no sensible range takes any port. */
const readPorts = (environment: NodeJS.ProcessEnv): Handshake["ports"] => {
  const [lowest, highest] = ["PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT"].map((name) =>
    Number(environment[name] ?? Number.NaN),
  ) as [number, number];
  const isRange = [lowest, highest].every(
    (port) => Number.isInteger(port) && port > 0 && port <= 65_535,
  );
  return isRange && lowest <= highest ? { lowest, highest } : { lowest: 0, highest: 0 };
};

/**
 * Terraform and OpenTofu always send a certificate, unless TF_DISABLE_PLUGIN_TLS is set. A host
 * that sends none without that was not asked to do so, and is refused.
 */
const readHostCertificate = (environment: NodeJS.ProcessEnv, name: string): Buffer | undefined => {
  const pem = environment["PLUGIN_CLIENT_CERT"];
  if (!pem) {
    if (environment["TF_DISABLE_PLUGIN_TLS"]) return undefined;
    throw new HandshakeError(
      `${name} serves a host that identifies itself with a certificate, and this one sent none ` +
        "(PLUGIN_CLIENT_CERT is not set).",
    );
  }
  try {
    return new X509Certificate(pem).raw;
  } catch {
    throw new HandshakeError(
      `${name} cannot read the certificate that the host sent (PLUGIN_CLIENT_CERT).`,
    );
  }
};

/** The address of this process: a socket's path, or a host and port of this machine. */
export interface Address {
  readonly network: "unix" | "tcp";
  readonly address: string;
}

/** The one line that the host waits for on stdout. The certificate is that of this process. */
export const handshakeLine = (
  { network, address }: Address,
  certificate: Buffer | undefined,
): string =>
  [
    CORE_VERSION,
    PROTOCOL_VERSION,
    network,
    address,
    "grpc",
    certificate?.toString("base64").replace(/=+$/, "") ?? "",
  ].join("|") + "\n";
