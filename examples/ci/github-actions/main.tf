terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }

  # The state holds the secret: a backend that is encrypted, that locks, and that few can read.
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "polyai.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger = "2026-Q4"
}
