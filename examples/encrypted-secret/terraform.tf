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
