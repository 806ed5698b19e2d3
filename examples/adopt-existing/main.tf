# Takes over the webhook endpoints that an account already has, each under its own id, without
# changing any of them. Needs Terraform 1.7 or OpenTofu 1.7 (for_each in an import block).
data "polyai_webhook_endpoints" "existing" {}

locals {
  existing = { for endpoint in data.polyai_webhook_endpoints.existing.endpoints : endpoint.id => endpoint }
}

import {
  for_each = local.existing
  to       = polyai_webhook_endpoint.adopted[each.key]
  id       = each.key
}

resource "polyai_webhook_endpoint" "adopted" {
  for_each = local.existing

  name        = each.value.name
  url         = each.value.url
  event_types = each.value.event_types
  timeout_ms  = each.value.timeout_ms
  enabled     = each.value.enabled

  # The list does not hold headers, since they may be secret: they stay as they are.
  lifecycle {
    ignore_changes = [headers]
  }
}
