variable "delivery" {
  description = "A delivery that a receiver logged."
  type = object({
    timestamp = string
    signature = string
    body      = string
  })
  default = {
    timestamp = "1767225600"
    signature = "6faff290c1cba1ce3dd9af17bed95c9098bd087c6d1c98ee94c607e89832669b"
    body      = "{\"type\":\"alerts.triggered\"}"
  }
}

variable "secrets" {
  description = "The secrets that may have signed it: the current one and the one before."
  type        = list(string)
  default     = ["whsec_for_tests_only", null]
}

output "signed_by_polyai" {
  value = provider::polyai::verify(
    var.secrets,
    var.delivery.timestamp,
    var.delivery.body,
    var.delivery.signature,
  )
}
