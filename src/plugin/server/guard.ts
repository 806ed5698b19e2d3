import { CtyError, NumberError } from "../cty/error.js";
import { pathToString } from "../cty/path.js";
import { error, DiagnosticError, type Diagnostic } from "../framework/diagnostic.js";
import { createLogger } from "../logging/logger.js";
import { redactText } from "../logging/redaction.js";

const logger = createLogger("provider");

/**
 * Runs one RPC. Whatever is thrown becomes diagnostics, so that a fault in a handler costs that
 * operation alone and the process lives on.
 *
 * @param otherwise the rest of the response in that case
 */
export async function guard<R extends { readonly diagnostics: readonly Diagnostic[] }>(
  rpc: string,
  otherwise: (diagnostics: readonly Diagnostic[]) => R,
  operation: () => R | Promise<R>,
): Promise<R> {
  try {
    return await operation();
  } catch (thrown) {
    return otherwise(diagnosticsOf(rpc, thrown));
  }
}

export function diagnosticsOf(rpc: string, thrown: unknown): readonly Diagnostic[] {
  if (thrown instanceof DiagnosticError) return thrown.diagnostics;
  if (thrown instanceof NumberError) {
    return [error(`Invalid ${pathToString(thrown.path) || "number"}`, thrown.problem, thrown.path)];
  }
  const fault = thrown instanceof Error ? thrown : new Error("something other than an error");
  logger.error("a handler failed", { rpc, fault: fault.name, stack: fault.stack ?? "" });
  const message = redactText(fault.message);
  if (fault instanceof CtyError) {
    return [error("Value not understood", `${message}\n\n${OUR_FAULT}`, fault.path)];
  }
  return [error(`Provider fault in ${rpc}`, `${fault.name}: ${message}\n\n${OUR_FAULT}`)];
}

const OUR_FAULT =
  "This is a fault in the provider, not in your configuration. Please report it with the output of the same command under TF_LOG_PROVIDER=DEBUG.";
