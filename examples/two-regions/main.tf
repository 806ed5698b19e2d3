# What main.ts makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

# TF_VAR_uk_api_key where Terraform runs. The US key comes from POLYAI_API_KEY.
variable "uk_api_key" {
  type      = string
  sensitive = true
}

provider "polyai" {
  region = "us"
}

provider "polyai" {
  alias   = "uk"
  region  = "uk"
  api_key = var.uk_api_key
}

resource "polyai_webhook_secret" "us" {
  endpoint_id      = "whe_us1a2b3c"
  rotation_trigger = "1"
}

resource "polyai_webhook_secret" "uk" {
  provider         = polyai.uk
  endpoint_id      = "whe_uk4d5e6f"
  rotation_trigger = "1"
}
