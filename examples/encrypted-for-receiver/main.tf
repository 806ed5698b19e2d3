# Terraform never sees the receiver's identity: the receiver opens the ciphertext itself, when it is
# deployed (see deploy.sh). It works with every version of Terraform and OpenTofu.

terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

variable "endpoint_id" {
  type = string
}

variable "receiver_recipient" {
  description = "The receiver's age recipient: age-keygen -y receiver.key"
  type        = string
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "2026-Q4"
  encrypt_to       = [var.receiver_recipient]
}

output "encrypted_signing_secret" {
  value = polyai_webhook_secret.alerts.encrypted_signing_secret
}

output "fingerprint" {
  value = polyai_webhook_secret.alerts.fingerprint
}
