locals {
  body      = jsonencode({ type = "alerts.triggered" })
  timestamp = "1767225600"
}

# The headers of a delivery as PolyAI would send it, to try a receiver with.
output "test_delivery_headers" {
  value = {
    "X-PolyAI-Timestamp" = local.timestamp
    "X-PolyAI-Signature" = provider::polyai::sign("whsec_for_tests_only", local.timestamp, local.body)
  }
}
