import {
  to = polyai_alert_rule.slow_turns
  id = "ar_0Kx4mNpQ8rWvYb2dFgHjLs"
}
