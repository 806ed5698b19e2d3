# The secret is in the state as a ciphertext only, and in AWS Secrets Manager as it is.
#
#   age-keygen -o alerts.key     the identity: keep it where the deployment's credentials are
#   age-keygen -y alerts.key     its recipient
#
#   export POLYAI_API_KEY=… TF_VAR_age_recipient=age1… TF_VAR_age_identity="$(cat alerts.key)"
#   terraform apply              Terraform 1.11 or OpenTofu 1.11, and newer

variable "endpoint_id" {
  type = string
}

variable "rotation_trigger" {
  type    = string
  default = "2026-Q4"
}

variable "age_recipient" {
  type = string
}

variable "age_identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = var.rotation_trigger
  encrypt_to       = [var.age_recipient]
}

ephemeral "polyai_webhook_secret" "alerts" {
  encrypted_signing_secret = polyai_webhook_secret.alerts.encrypted_signing_secret
  identity                 = var.age_identity
}
