variable "rotation" {
  description = "Change this to rotate the secret."
  type        = string
  default     = "2026-Q4"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id       = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  rotation_trigger  = var.rotation
  rotate_after_days = 90
}

output "signing_secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}

# A receiver that reads its secret at its start. The fingerprint changes with the secret, and is
# safe to show.
resource "terraform_data" "receiver" {
  triggers_replace = polyai_webhook_secret.alerts.fingerprint
}
