# What main.ts makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
    null = {
      source  = "hashicorp/null"
      version = ">= 3.2"
    }
  }
}

provider "polyai" {
}

provider "null" {
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "2026-Q4"
}

resource "null_resource" "restart_receiver" {
  # The fingerprint changes exactly when the secret does, and is no secret: plans show triggers.
  triggers = {
    secret = polyai_webhook_secret.alerts.fingerprint
  }

  provisioner "local-exec" {
    command = "systemctl restart alert-receiver"
  }
}
