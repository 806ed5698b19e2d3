# Nothing rotates if the old state or POLYAI_SIGNING_SECRET has the secret. An old trigger is kept: a
# text as rotation_trigger, a map as rotation_triggers.
moved {
  from = terraform_data.rotation
  to   = polyai_webhook_secret.alerts
}
