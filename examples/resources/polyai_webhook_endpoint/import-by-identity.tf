import {
  to = polyai_webhook_endpoint.on_call
  identity = {
    id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
  }
}
