terraform {
  required_providers {
    polyai = {
      # In full: a bare polyai/polyai means another registry under OpenTofu.
      source = "registry.terraform.io/polyai/polyai"
    }
  }
}

# POLYAI_API_KEY and POLYAI_REGION, where Terraform runs, configure it.
provider "polyai" {}
