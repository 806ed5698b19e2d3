import type { Step } from "./history.js";
import type { Configuration, SecretConfig } from "./state.js";

type Edit = Extract<Step, { readonly do: "edit" | "drop" | "rename" | "exchange endpoints" }>;

export const isEdit = (step: Step): step is Edit =>
  ["edit", "drop", "rename", "exchange endpoints"].includes(step.do);

const NEW: SecretConfig = {
  type: "polyai_webhook_secret",
  endpoint: "E1",
  trigger: "1",
  days: null,
  invalidate: false,
  initial: false,
  encrypted: false,
  createFirst: false,
};

/**
 * The configuration after an edit; the same one if it cannot be edited so.
 *
 * @param idOf gives the id of an endpoint that is there from the start, by its name
 */
export function edited(
  configuration: Configuration,
  step: Edit,
  idOf: (name: string) => string,
): Configuration {
  const next = new Map(configuration);
  const one = configuration.get(step.address) ?? { ...NEW, endpoint: idOf(NEW.endpoint) };
  if (step.do === "drop") {
    next.delete(step.address);
    return next;
  }
  if (one.type !== "polyai_webhook_secret") return configuration;
  if (step.do === "edit") {
    const endpoint = idOf(step.to.endpoint ?? one.endpoint);
    // A reference to nothing is no valid configuration.
    if (!endpoint.startsWith("whe_") && !configuration.has(endpoint)) return configuration;
    return next.set(step.address, { ...one, ...step.to, endpoint });
  }
  if (!configuration.has(step.address)) return configuration;
  if (step.do === "rename") {
    if (configuration.has(step.to)) return configuration;
    next.delete(step.address);
    return next.set(step.to, one);
  }
  const two = configuration.get(step.with);
  if (two?.type !== one.type) return configuration;
  const { endpoint, initial } = one;
  next.set(step.address, { ...one, endpoint: two.endpoint, initial: two.initial });
  return next.set(step.with, { ...two, endpoint, initial });
}
