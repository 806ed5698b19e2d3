import { MAX_ID_LENGTH } from "../src/facts.js";
import { IDS } from "../src/generated/api-facts.js";
import { type Fault, isOptionalToken, isToken, secretFault, show } from "./checks.js";
import { type PolySecretRotationProps, rotationFault } from "./secret-rotation-props.js";

/** Properties of a `PolyWebhookSecret`. Every value may be a token. */
export interface PolyWebhookSecretProps extends PolySecretRotationProps {
  /** The webhook endpoint whose secret this is, such as `whe_1a2b3c`. A change replaces. */
  readonly endpointId: string;

  /**
   * A secret of the endpoint that is known already, to adopt at creation instead of rotating: the
   * `signingSecret` of a new endpoint, or a sensitive variable. It must be a token.
   *
   * @default - creation rotates
   */
  readonly initialSecret?: string;

  /**
   * The same as a write-only argument (Terraform and OpenTofu 1.11), for `encryptTo`: it never is in
   * a plan or state. It must be a token.
   *
   * @default - creation rotates
   */
  readonly initialSecretWo?: string;

  /**
   * A whole number that tells one `initialSecretWo` from the next.
   *
   * @default - none; required with `initialSecretWo`
   */
  readonly initialSecretWoVersion?: number;
}

/** The first that is wrong with the properties of a secret, if any is. */
export const webhookSecretFault = (props: PolyWebhookSecretProps): Fault =>
  endpointIdFault(props.endpointId) ??
  secretFault("initialSecret", props.initialSecret) ??
  secretFault("initialSecretWo", props.initialSecretWo) ??
  versionFault(props) ??
  rotationFault(props);

const endpointIdFault = (value: unknown): Fault =>
  isToken(value) || isEndpointId(value)
    ? undefined
    : `endpointId must be a webhook endpoint's id, such as ${IDS.endpoint_id.example}, not ${show(value)}.`;

const isEndpointId = (value: unknown): boolean =>
  typeof value === "string" &&
  value.length <= MAX_ID_LENGTH &&
  new RegExp(IDS.endpoint_id.pattern).test(value);

const versionFault = (props: PolyWebhookSecretProps): Fault =>
  (props.initialSecretWo === undefined) !== (props.initialSecretWoVersion === undefined)
    ? "initialSecretWo and initialSecretWoVersion must be given together, or neither."
    : isOptionalToken(props.initialSecretWoVersion) ||
        Number.isInteger(props.initialSecretWoVersion)
      ? undefined
      : `initialSecretWoVersion must be a whole number, not ${show(props.initialSecretWoVersion)}.`;
