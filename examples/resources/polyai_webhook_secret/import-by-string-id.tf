# With POLYAI_SIGNING_SECRET in the environment, the current secret is adopted, and nothing rotates
# until a trigger changes. Without it, the secret is not known, and the same apply rotates.
import {
  to = polyai_webhook_secret.alerts
  id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
}
