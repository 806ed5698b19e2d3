# OpenTofu encrypts the whole state and every saved plan with a passphrase (OpenTofu 1.8 or newer):
#
#   export TF_VAR_state_passphrase=…    16 characters or more, the same at every run
#   tofu init && tofu apply

terraform {
  required_providers {
    polyai = {
      source = "registry.terraform.io/polyai/polyai"
    }
  }

  encryption {
    key_provider "pbkdf2" "passphrase" {
      passphrase = var.state_passphrase
    }

    method "aes_gcm" "passphrase" {
      keys = key_provider.pbkdf2.passphrase
    }

    state {
      method   = method.aes_gcm.passphrase
      enforced = true
    }

    plan {
      method   = method.aes_gcm.passphrase
      enforced = true
    }
  }
}

variable "state_passphrase" {
  type      = string
  sensitive = true
}

variable "endpoint_id" {
  type = string
}

resource "polyai_webhook_secret" "alerts" {
  endpoint_id      = var.endpoint_id
  rotation_trigger = "2026-Q4"
}

output "signing_secret" {
  value     = polyai_webhook_secret.alerts.signing_secret
  sensitive = true
}
