resource "aws_secretsmanager_secret" "alerts" {
  name = "polyai/alerts/signing-secret"
}

resource "aws_secretsmanager_secret_version" "alerts" {
  secret_id                = aws_secretsmanager_secret.alerts.id
  secret_string_wo         = ephemeral.polyai_webhook_secret.alerts.signing_secret
  secret_string_wo_version = polyai_webhook_secret.alerts.signing_secret_version
}
