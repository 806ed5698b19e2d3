# The first of the two stacks of ../main.ts, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

provider "polyai" {
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "1"
}

output "signing_secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}
