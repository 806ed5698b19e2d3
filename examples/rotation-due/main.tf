# Every plan and apply warns in the week before a rotation is due (Terraform 1.5, OpenTofu 1.6).
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

resource "polyai_webhook_secret" "alerts" {
  endpoint_id       = var.endpoint_id
  rotate_after_days = 90
}

check "rotation" {
  assert {
    condition     = timecmp(timeadd(plantimestamp(), "168h"), polyai_webhook_secret.alerts.next_rotation_at) < 0
    error_message = "The secret rotates in the first apply after ${polyai_webhook_secret.alerts.next_rotation_at}."
  }
}
