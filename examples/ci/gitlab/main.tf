terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }

  # GitLab's own: encrypted where it is stored, and readable by the project's developers.
  backend "http" {}
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger = "2026-Q4"
}
