list "polyai_alert_rule" "all" {
  provider = polyai

  config {
    enabled = true
  }
}
