data "polyai_alert_rules" "without_data" {
  enabled = true
  state   = "no_data"
}

output "rules_without_data" {
  value = data.polyai_alert_rules.without_data.rules[*].name
}
