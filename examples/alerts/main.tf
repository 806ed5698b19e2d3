# What main.ts makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

provider "polyai" {
}

variable "receiver_url" {
  type    = string
  default = "https://alerts.example.com/polyai"
}

variable "rotation_trigger" {
  type    = string
  default = "1"
}

resource "polyai_webhook_endpoint" "on_call" {
  name        = "On-call alerts"
  url         = var.receiver_url
  event_types = ["alerts.triggered", "alerts.resolved"]
}

# The secret that PolyAI makes with the endpoint is adopted: nothing rotates until the trigger
# changes.
resource "polyai_webhook_secret" "on_call" {
  endpoint_id      = polyai_webhook_endpoint.on_call.id
  initial_secret   = polyai_webhook_endpoint.on_call.signing_secret
  rotation_trigger = var.rotation_trigger
}

resource "polyai_alert_rule" "slow_turns" {
  name            = "Slow turns (p95)"
  metric          = "turn_latency_p95"
  operator        = ">="
  threshold_value = 1500 # milliseconds
  window_duration = "5m"
}

resource "polyai_alert_rule" "crashes" {
  name            = "Calls crash"
  metric          = "call_crashes"
  operator        = ">"
  threshold_value = 0
  window_duration = "10m"
}

output "signing_secret" {
  value     = polyai_webhook_secret.on_call.signing_secret
  sensitive = true
}
