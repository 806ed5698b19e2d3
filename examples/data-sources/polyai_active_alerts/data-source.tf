# A failed check is a warning: the plan or apply goes on.
check "no_active_alerts" {
  data "polyai_active_alerts" "now" {}

  assert {
    condition     = length(data.polyai_active_alerts.now.alerts) == 0
    error_message = "Active alerts: ${join(", ", data.polyai_active_alerts.now.alerts[*].name)}."
  }
}
