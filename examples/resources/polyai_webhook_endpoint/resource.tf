variable "receiver_token" {
  description = "What the receiver expects in the Authorization header."
  type        = string
  sensitive   = true
}

resource "polyai_webhook_endpoint" "on_call" {
  name        = "On-call alerts"
  url         = "https://alerts.example.com/polyai"
  event_types = ["alerts.triggered", "alerts.resolved"]
  timeout_ms  = 10000

  headers = {
    Authorization = "Bearer ${var.receiver_token}"
  }
}

# The endpoint's first secret is adopted, so deliveries verify from the first one on.
resource "polyai_webhook_secret" "on_call" {
  endpoint_id      = polyai_webhook_endpoint.on_call.id
  initial_secret   = polyai_webhook_endpoint.on_call.signing_secret
  rotation_trigger = "2026-Q1"
}
