import {
  to = polyai_webhook_endpoint.on_call
  id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
}
