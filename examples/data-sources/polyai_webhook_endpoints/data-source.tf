data "polyai_webhook_endpoints" "alerting" {
  enabled    = true
  event_type = "alerts.triggered"
}

output "alert_receivers" {
  value = { for endpoint in data.polyai_webhook_endpoints.alerting.endpoints : endpoint.name => endpoint.url }
}

# Somebody should hear of an alert.
check "alerts_are_delivered" {
  assert {
    condition     = length(data.polyai_webhook_endpoints.alerting.endpoints) > 0
    error_message = "No enabled webhook endpoint gets alerts.triggered."
  }
}
