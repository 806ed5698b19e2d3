import { error, DiagnosticError, type Diagnostic } from "../framework/diagnostic.js";
import type { Provider } from "../framework/provider.js";
import type { Resource } from "../framework/resource.js";

/** The RPCs of one provider process share the provider, and the client that configuring it gave. */
export interface Context<Client> {
  readonly provider: Provider<Client>;
  readonly resources: ReadonlyMap<string, Resource<Client>>;
  stop: AbortController;
  /** Undefined before ConfigureProvider, and while the configuration is unknown. */
  client: Client | undefined;
  /** Why there can be no client. */
  problem: Diagnostic | undefined;
}

export function createContext<Client>(provider: Provider<Client>): Context<Client> {
  return {
    provider,
    resources: byName(provider.resources, ({ typeName }) => typeName),
    stop: new AbortController(),
    client: undefined,
    problem: undefined,
  };
}

/** @throws Error where two have one name: a fault in the provider. */
export function byName<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
): ReadonlyMap<string, T> {
  const named = new Map(items.map((item) => [nameOf(item), item]));
  if (named.size !== items.length) throw new Error("two items of one kind have the same name");
  return named;
}

/** @throws DiagnosticError where the provider has none of that name. */
export function find<T>(items: ReadonlyMap<string, T>, kind: string, name = ""): T {
  const found = items.get(name);
  if (found === undefined) {
    throw new DiagnosticError(
      error(
        `No ${kind} "${name}"`,
        `This version of the provider has no ${kind} of that name. Upgrade the provider, or correct the name.`,
      ),
    );
  }
  return found;
}

/**
 * The client; undefined while the provider's configuration is unknown.
 *
 * @throws DiagnosticError if there can be no client
 */
export function clientOf<Client>({ client, problem }: Context<Client>): Client | undefined {
  if (problem !== undefined) throw new DiagnosticError(problem);
  return client;
}

/** @throws DiagnosticError while the provider's configuration is unknown, or if it cannot be used */
export function configured<Client>(context: Context<Client>): Client {
  const client = clientOf(context);
  if (client === undefined) {
    throw new DiagnosticError(
      error(
        "Provider configuration not known yet",
        "The provider block depends on values that are known only during apply. Apply what they come from first, with -target, or give known values.",
      ),
    );
  }
  return client;
}
