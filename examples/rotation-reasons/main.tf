# What main.ts makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

provider "polyai" {
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

variable "incident" {
  description = "Raised by hand, or by a pipeline, when the secret may have leaked."
  type        = string
  default     = "none"
}

locals {
  # Such as 2026-Q4: the first plan of each quarter sees another text.
  quarter = "${formatdate("YYYY", plantimestamp())}-Q${ceil(tonumber(formatdate("M", plantimestamp())) / 3)}"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id = var.endpoint_id
  rotation_triggers = {
    quarter  = local.quarter
    incident = var.incident
  }
  rotate_after_days = 100
}
