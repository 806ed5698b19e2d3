# What main.mjs makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
    vault = {
      source  = "hashicorp/vault"
      version = ">= 5.0"
    }
  }
}

provider "polyai" {
}

provider "vault" {
  address = "https://vault.example.com"
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

variable "age_recipient" {
  type = string
}

variable "age_identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "2026-Q4"
  encrypt_to       = [var.age_recipient]
}

ephemeral "polyai_webhook_secret" "alerts" {
  encrypted_signing_secret = polyai_webhook_secret.alerts.encrypted_signing_secret
  identity                 = var.age_identity
}

resource "vault_kv_secret_v2" "alerts" {
  mount                = "secret"
  name                 = "polyai/alerts"
  data_json_wo         = jsonencode({ signing_secret = ephemeral.polyai_webhook_secret.alerts.signing_secret })
  data_json_wo_version = polyai_webhook_secret.alerts.signing_secret_version
}
