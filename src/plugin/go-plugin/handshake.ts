import { X509Certificate } from "node:crypto";

/** Names the variable by which a host says that it started a plugin on purpose. */
export const COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE";
export const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/** The version of the handshake itself. */
const CORE_VERSION = 1;
const PROTOCOL_VERSION = 6;

/** The host's settings for a plugin that it starts. */
export interface Handshake {
  /** The certificate (DER) of the only peer to serve; `undefined` if the host uses no TLS. */
  readonly hostCertificate: Buffer | undefined;
  /** The folder for the socket's folder; `undefined` if the host does not care. */
  readonly socketParent: string | undefined;
  /** The ports to take one of, both ends included; 0 stands for any free one. For TCP only. */
  readonly ports: { readonly lowest: number; readonly highest: number };
}

/** Why this process cannot serve, for a person to read. */
export class HandshakeError extends Error {}

/** go-plugin's own words, which people look up. */
const NO_HOST = `This binary is a plugin. These are not meant to be executed directly.
Please execute the program that consumes these plugins, which will
load any plugins automatically`;

/** False if a person starts the program. */
export const isStartedByHost = (environment: NodeJS.ProcessEnv): boolean =>
  environment[COOKIE_NAME] === COOKIE;

/**
 * Whatever protocols a host speaks, this plugin's line names 6: an older host then says itself that
 * the versions do not fit.
 *
 * @param name what a person calls this program
 * @throws HandshakeError if no host started it, or one whose certificate cannot be read
 */
export function readHandshake(environment: NodeJS.ProcessEnv, name: string): Handshake {
  if (!isStartedByHost(environment)) throw new HandshakeError(NO_HOST);
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

/** Terraform and OpenTofu send one, unless TF_DISABLE_PLUGIN_TLS is set. */
const readHostCertificate = (environment: NodeJS.ProcessEnv, name: string): Buffer | undefined => {
  const pem = environment["PLUGIN_CLIENT_CERT"];
  if (!pem) return undefined;
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

/** The settings for a plugin that a person starts, to debug it: the CLI connects without TLS. */
export const DEBUG_HANDSHAKE: Handshake = {
  hostCertificate: undefined,
  socketParent: undefined,
  ports: { lowest: 0, highest: 0 },
};

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
    certificate?.toString("base64").replace(/={1,2}$/, "") ?? "",
  ].join("|") + "\n";

/** Tells a person how to have Terraform or OpenTofu use this process, which they did not start. */
export function reattachText(source: string, { network, address }: Address): string {
  const config = {
    Protocol: "grpc",
    ProtocolVersion: PROTOCOL_VERSION,
    Pid: process.pid,
    // A CLI leaves such a process running.
    Test: true,
    Addr: { Network: network, String: address },
  };
  const value = JSON.stringify({ [source]: config });
  const shell = process.platform === "win32" ? "$env:" : "";
  return `Provider started. To attach Terraform CLI, set the TF_REATTACH_PROVIDERS environment variable with the following:\n\n\t${shell}TF_REATTACH_PROVIDERS='${value}'\n\n`;
}
