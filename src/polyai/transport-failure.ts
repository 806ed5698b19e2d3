/** Why a request got no answer, and whether it was sent. */
import type { AxiosError } from "axios";
import type { ClientRequest } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Authorities } from "./authorities.js";
import { ProxyRefusal } from "./errors.js";
import type { NoAnswer } from "./transport.js";

/** The most bytes of an answer that are read, once decompressed: 1 MiB. */
export const BODY_LIMIT = 1024 * 1024;

/**
 * True if any of a request may have left. None did without a socket, over a TLS connection whose
 * certificate was not accepted, or if nobody listens.
 */
export function wasSent(error: AxiosError): boolean {
  const socket = socketOf(error);
  if (!socket || codeOf(error) === "ECONNREFUSED") return false;
  return (socket as Partial<TLSSocket>).authorized !== false;
}

type Explanation = Pick<NoAnswer, "kind" | "reason" | "transient" | "untrusted">;

export function explain(
  error: AxiosError,
  sent: boolean,
  proxy: URL | undefined,
  authorities: Authorities | undefined,
): Explanation {
  const code = codeOf(error);
  if (sent) {
    const unreadable = /^(?:HPE_|Z_|ERR_)/.test(code);
    const tooLarge = `the answer is larger than ${BODY_LIMIT / 1024 / 1024} MiB`;
    const garbled = code === "ERR_BAD_RESPONSE" ? tooLarge : `the answer cannot be read (${code})`;
    return unreadable
      ? { kind: "invalid_response", reason: garbled, transient: true }
      : { kind: "network", reason: describe(code), transient: true };
  }
  const untrusted = /ISSUER|VERIFY|SELF_SIGNED|UNTRUSTED|INVALID_CA/.test(code);
  const wayOut = untrusted
    ? `: name a file with the certificate of its authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS (read: ${authorities?.sources.join(", ") || "none"})`
    : "";
  const cause = error.cause ?? error;
  const transient = isSystemCode(code);
  if (proxy !== undefined && !socketOf(error)) {
    const named = `the proxy ${proxy.host} (from HTTPS_PROXY)`;
    return cause instanceof ProxyRefusal
      ? {
          kind: "proxy",
          reason: `${named} refused to connect ${cause.message}`,
          transient: cause.transient,
        }
      : {
          kind: "proxy",
          reason: `${named} cannot be reached (${code})${wayOut}`,
          transient,
          untrusted,
        };
  }
  if (!transient) return { kind: "tls", reason: cause.message + wayOut, transient, untrusted };
  return { kind: code === "ETIMEDOUT" ? "timeout" : "network", reason: describe(code), transient };
}

const socketOf = ({ request }: AxiosError) => (request as ClientRequest | undefined)?.socket;

/** A system or library error's code; `ECONNRESET` for a connection that just ended. */
const codeOf = ({ code, cause }: AxiosError): string => {
  const found = (cause as NodeJS.ErrnoException | undefined)?.code ?? code;
  return found === undefined || found === "ERR_CANCELED" ? "ECONNRESET" : found;
};

/** True for a system's code. Those of TLS or a certificate will not pass by themselves. */
const isSystemCode = (code: string): boolean => /^(?:E(?!PROTO$)[A-Z0-9]+|EAI_[A-Z]+)$/.test(code);

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed before the whole answer arrived",
  EPIPE: "the connection was closed while the request was sent",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the connection timed out",
};

const describe = (code: string): string =>
  `${DESCRIPTIONS[code] ?? "the connection failed"} (${code})`;
