# What main.mjs makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.88"
    }
  }
}

provider "polyai" {
}

provider "aws" {
  region = "eu-west-1"
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

resource "aws_secretsmanager_secret" "alerts" {
  name = "polyai/alerts/signing-secret"
}

resource "aws_secretsmanager_secret_version" "alerts" {
  secret_id                = aws_secretsmanager_secret.alerts.id
  secret_string_wo         = ephemeral.polyai_webhook_secret.alerts.signing_secret
  secret_string_wo_version = polyai_webhook_secret.alerts.signing_secret_version
}
