list "polyai_webhook_endpoint" "all" {
  provider = polyai
}
