import { CtyError, NumberError } from "../cty/error.js";
import { pathToString } from "../cty/path.js";
import { error, DiagnosticError, type Diagnostic } from "../framework/diagnostic.js";
import { createLogger } from "../logging/logger.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { diagnosticsToWire } from "./diagnostics.js";

const logger = createLogger("provider");

interface Response {
  readonly diagnostics?: readonly wire.Diagnostic[] | undefined;
}

/** A response before its diagnostics are put into the protocol's form. */
export type Answer<R extends Response> = Omit<R, "diagnostics"> & {
  readonly diagnostics?: readonly Diagnostic[] | undefined;
};

/**
 * Runs one RPC. Whatever is thrown becomes diagnostics, so that a fault in a handler costs that
 * operation alone and the process lives on.
 *
 * @param otherwise the rest of the response in that case
 */
export async function guard<R extends Response>(
  rpc: string,
  otherwise: Omit<R, "diagnostics">,
  operation: () => Answer<R> | Promise<Answer<R>>,
): Promise<R> {
  let answer: Answer<R>;
  try {
    answer = await operation();
  } catch (thrown) {
    answer = { ...otherwise, diagnostics: diagnosticsOf(rpc, thrown) };
  }
  const { diagnostics = [], ...response } = answer;
  return { ...response, diagnostics: diagnosticsToWire(diagnostics) } as Response as R;
}

export function diagnosticsOf(rpc: string, thrown: unknown): readonly Diagnostic[] {
  if (thrown instanceof DiagnosticError) return thrown.diagnostics;
  if (thrown instanceof NumberError) {
    return [error(`Invalid ${pathToString(thrown.path) || "number"}`, thrown.problem, thrown.path)];
  }
  const fault = thrown instanceof Error ? thrown : new Error("something other than an error");
  logger.error("a handler failed", { rpc, fault: fault.name, stack: fault.stack ?? "" });
  if (fault instanceof CtyError) {
    return [error("Value not understood", `${fault.message}\n\n${OUR_FAULT}`, fault.path)];
  }
  return [error(`Provider fault in ${rpc}`, `${fault.name}: ${fault.message}\n\n${OUR_FAULT}`)];
}

const OUR_FAULT =
  "This is a fault in the provider, not in your configuration. Please report it with the output of the same command under TF_LOG_PROVIDER=DEBUG.";
