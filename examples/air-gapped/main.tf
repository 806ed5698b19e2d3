terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger = "2026-Q4"
}

output "signing_secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}
