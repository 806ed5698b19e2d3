# Takes over the webhook endpoints and alert rules that an account already has, each under its own
# id, without changing any of them. Needs Terraform 1.7 or OpenTofu 1.7 (for_each in an import block).
variable "rotate_secrets" {
  description = "Takes over the signing secrets, too. PolyAI shows none again, so each is rotated."
  type        = bool
  default     = false
}

data "polyai_webhook_endpoints" "existing" {}
data "polyai_alert_rules" "existing" {}

locals {
  endpoints = { for endpoint in data.polyai_webhook_endpoints.existing.endpoints : endpoint.id => endpoint }
  rules     = { for rule in data.polyai_alert_rules.existing.rules : rule.id => rule }
}

import {
  for_each = local.endpoints
  to       = polyai_webhook_endpoint.adopted[each.key]
  id       = each.key
}

resource "polyai_webhook_endpoint" "adopted" {
  for_each = local.endpoints

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

resource "polyai_webhook_secret" "adopted" {
  for_each = var.rotate_secrets ? polyai_webhook_endpoint.adopted : {}

  endpoint_id = each.key
}

import {
  for_each = local.rules
  to       = polyai_alert_rule.adopted[each.key]
  id       = each.key
}

resource "polyai_alert_rule" "adopted" {
  for_each = local.rules

  name            = each.value.name
  project_id      = each.value.project_id
  metric          = each.value.metric
  operator        = each.value.operator
  threshold_value = each.value.threshold_value
  window_duration = each.value.window_duration
  enabled         = each.value.enabled
}
