/**
 * Which resource instance plans to rotate which endpoint's secret.
 *
 * Two instances for one endpoint would invalidate each other's secret. Core tells a provider no
 * resource addresses, and plans an instance that it replaces twice; so each instance is known by
 * an id of its own, and what is found is good for a warning only.
 */
export class PlannedEndpoints {
  readonly #instances = new Map<string, string>();

  /** Whether another instance has planned this endpoint before, in this process. */
  claim(endpointId: string, instance: string): boolean {
    const first = this.#instances.get(endpointId);
    if (first === undefined) this.#instances.set(endpointId, instance);
    return first !== undefined && first !== instance;
  }
}
