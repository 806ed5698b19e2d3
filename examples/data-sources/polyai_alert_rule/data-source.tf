data "polyai_alert_rule" "slow_turns" {
  id = "ar_0Kx4mNpQ8rWvYb2dFgHjLs"
}

output "slow_turns_state" {
  value = data.polyai_alert_rule.slow_turns.current_state
}
