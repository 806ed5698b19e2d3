data "polyai_webhook_endpoint" "on_call" {
  id = "whe_9ZtRcXw3nByK5pVqMaEfJs"
}

output "on_call_url" {
  value = data.polyai_webhook_endpoint.on_call.url
}
