# What main.ts makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

# With no settings, it reads POLYAI_API_KEY and POLYAI_REGION where Terraform runs.
provider "polyai" {
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

variable "rotation_trigger" {
  description = "Whenever this text changes, the next apply rotates the secret."
  type        = string
  default     = "1"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = var.rotation_trigger
}

output "signing_secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}

output "fingerprint" {
  value = polyai_webhook_secret.alerts.fingerprint
}
