import type { Diagnostic } from "./diagnostic.js";
import type { SchemaDefinition } from "../schema/define.js";
import type { ApplyingOf, Attributes, ConfigOf, PlannedOf, StateOf } from "../schema/values.js";

/**
 * Data that a provider keeps beside a state: small, JSON, never shown to the practitioner. The host
 * stores it in the state file, so no secret belongs in it.
 */
export type PrivateState = Readonly<Record<string, unknown>>;

/** The result of an operation. */
export interface Outcome<S> {
  /** The new state; null if the object is gone. */
  readonly state: S;
  /** Omit to keep the previous private state. */
  readonly privateState?: PrivateState;
  /** With an error among them, `state` is stored all the same. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The outcome of destroying, or of planning to. */
export interface Ending {
  readonly diagnostics?: readonly Diagnostic[];
  /** Omit to keep the previous private state. After an error it stays with the object. */
  readonly privateState?: PrivateState;
}

export interface PlanOutcome<A extends Attributes> {
  /** Computed attributes that the plan knows better than the schema's rules. */
  readonly plannedState?: Partial<PlannedOf<A>>;
  readonly privateState?: PrivateState;
  readonly diagnostics?: readonly Diagnostic[];
}

/**
 * A managed resource: its schema and its behaviour.
 *
 * Handlers get decoded values and return values. They throw {@link DiagnosticError} to fail with
 * nothing changed; anything else that they throw is reported as a fault of the provider.
 */
export interface Resource<Client, A extends Attributes = Attributes> {
  readonly typeName: string;
  readonly schema: SchemaDefinition<A>;
  /**
   * The string attribute that names the object for as long as it lives: its resource identity
   * (Terraform and OpenTofu 1.12), and the `id` that {@link importState} gets, by whichever of
   * both the practitioner imports.
   */
  readonly identity?: keyof A & string;

  /** Finds problems that no single attribute's validators can see. Values may be unknown. */
  validateConfig?(request: { readonly config: ConfigOf<A> }): readonly Diagnostic[];

  /**
   * Refines a plan that the schema's rules have made. Called for creation (`priorState` null)
   * and for update, more than once in one run; it must have no effect on anything remote.
   * It may ask what the state does not tell.
   * `client` is undefined while the provider's configuration is unknown.
   */
  plan?(request: {
    readonly config: ConfigOf<A>;
    readonly priorState: StateOf<A> | null;
    readonly plannedState: PlannedOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client | undefined;
  }): PlanOutcome<A> | Promise<PlanOutcome<A>>;

  /**
   * Plans the object's end. The private state reaches {@link delete}, unless the object is deposed:
   * core plans the end of such a one again during apply, from the private state that it has.
   */
  planDestroy?(request: {
    readonly priorState: StateOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client | undefined;
  }): Ending;

  create(request: {
    readonly config: ConfigOf<A>;
    readonly plan: ApplyingOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<Outcome<StateOf<A> | null>>;

  read(request: {
    readonly state: StateOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<Outcome<StateOf<A> | null>>;

  update(request: {
    readonly config: ConfigOf<A>;
    readonly plan: ApplyingOf<A>;
    readonly state: StateOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<Outcome<StateOf<A>>>;

  delete(request: {
    readonly state: StateOf<A>;
    readonly privateState: PrivateState;
    readonly client: Client;
  }): Promise<Ending>;

  /** From the id that the practitioner gives to the state that `read` then completes. */
  importState?(request: {
    readonly id: string;
    readonly client: Client;
  }): Promise<Outcome<StateOf<A>>>;

  /** Takes over an object of another resource type. It runs before the provider is configured. */
  moveState?(source: MoveSource): Outcome<StateOf<A>>;

  /**
   * By the schema version that a stored state has: makes the JSON of the current version from
   * the JSON of that one. The current version's own entry fills in attributes that are new.
   */
  readonly upgradeState?: Readonly<Record<number, (stored: StoredState) => StoredState>>;
}

/** The object that a moved block names, as the provider that made it has stored it. */
export interface MoveSource {
  /** Such as `registry.terraform.io/hashicorp/null`. */
  readonly providerAddress: string;
  readonly typeName: string;
  readonly state: StoredState;
}

/** A stored state's JSON object. */
export type StoredState = Readonly<Record<string, unknown>>;

/**
 * Defines a managed resource; the types of its handlers' values come from its schema.
 *
 * The client's type is given, the attributes' types are inferred, hence two calls:
 * `defineResource<Client>()({ … })`.
 */
export const defineResource =
  <Client>() =>
  <const A extends Attributes>(resource: Resource<Client, A>): Resource<Client> =>
    // The server decodes every value by this very schema, so it hands the handlers what they take.
    resource as unknown as Resource<Client>;
