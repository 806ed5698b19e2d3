resource "polyai_alert_rule" "slow_turns" {
  name            = "Slow turns (p95)"
  project_id      = "proj_abc123"
  metric          = "turn_latency_p95"
  operator        = ">="
  threshold_value = 1500 # milliseconds
  window_duration = "5m"
}

# Without a project: all of the account.
resource "polyai_alert_rule" "crashes" {
  name            = "Calls crash"
  metric          = "call_crashes"
  operator        = ">"
  threshold_value = 0
  window_duration = "10m"
}
