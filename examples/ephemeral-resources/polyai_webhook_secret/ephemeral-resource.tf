variable "age_identity" {
  description = "Identity of one of the recipients, as age-keygen makes it."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "age_recipient" {
  description = "The recipient to that identity."
  type        = string
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger = "2026-Q4"
  encrypt_to       = [var.age_recipient]
}

ephemeral "polyai_webhook_secret" "alerts" {
  encrypted_signing_secret = polyai_webhook_secret.alerts.encrypted_signing_secret
  identity                 = var.age_identity
}

# ephemeral.polyai_webhook_secret.alerts.signing_secret goes to a write-only argument, whose version
# is polyai_webhook_secret.alerts.signing_secret_version.
