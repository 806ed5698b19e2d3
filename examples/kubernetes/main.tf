# What main.mjs makes, as HCL.
terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.36"
    }
  }
}

provider "polyai" {
}

provider "kubernetes" {
  config_path = "~/.kube/config"
}

variable "endpoint_id" {
  type    = string
  default = "whe_1a2b3c"
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "2026-Q4"
}

resource "kubernetes_secret_v1" "alerts" {
  metadata {
    name = "polyai-alerts"
  }

  data = {
    POLYAI_SECRET          = polyai_webhook_secret.alerts.signing_secret
    POLYAI_PREVIOUS_SECRET = polyai_webhook_secret.alerts.previous_signing_secret
  }
}

# A changed annotation of the pods' template rolls the receiver over.
resource "kubernetes_annotations" "receiver" {
  api_version = "apps/v1"
  kind        = "Deployment"

  metadata {
    name = "alert-receiver"
  }

  template_annotations = {
    "polyai/secret-fingerprint" = polyai_webhook_secret.alerts.fingerprint
  }

  depends_on = [kubernetes_secret_v1.alerts]
}
