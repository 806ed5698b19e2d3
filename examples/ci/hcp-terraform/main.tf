terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }

  cloud {
    organization = "example"

    workspaces {
      name = "polyai-alerts"
    }
  }
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger = "2026-Q4"
}
