# With the current secret in POLYAI_SIGNING_SECRET, nothing rotates until a trigger changes. Without
# it, the same apply rotates.
import {
  to = polyai_webhook_secret.alerts
  id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
}
