list "polyai_webhook_secret" "all" {
  provider = polyai

  config {
    event_type = "alerts.triggered"
  }
}
