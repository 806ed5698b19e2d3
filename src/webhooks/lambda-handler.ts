import type { Intake } from "./receiver.js";

/** The part of an AWS Lambda event that is used: of a function URL, API Gateway or a load balancer. */
export interface LambdaEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** Of a load balancer whose target group has multi-value headers, in place of `headers`. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export type LambdaHandler = (event: LambdaEvent) => Promise<{ readonly statusCode: number }>;

export const lambdaHandler =
  (intake: Intake): LambdaHandler =>
  async ({ headers, multiValueHeaders, body, isBase64Encoded }) => {
    const payload = isBase64Encoded === true ? fromBase64(body ?? "") : (body ?? "");
    const statusCode =
      payload === undefined
        ? intake.reject("body_incomplete")
        : await intake.receive({ headers: headers ?? multiValueHeaders ?? {}, payload });
    return { statusCode };
  };

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
