import {
  to = polyai_webhook_secret.alerts
  identity = {
    endpoint_id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  }
}
