import { PROVIDER_ADDRESS } from "../facts.js";

/** The shortest configuration that rotates an endpoint's secret. */
export const configuration = (endpointId: string): string => `terraform {
  required_providers {
    polyai = { source = "${PROVIDER_ADDRESS}" }
  }
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "${endpointId}" # your endpoint's id
  rotation_trigger = "1"                          # another text here rotates
}
`;
