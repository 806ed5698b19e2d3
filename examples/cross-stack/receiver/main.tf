# The second: it reads the first one's state.
data "terraform_remote_state" "secrets" {
  backend = "local"

  config = {
    path = "../secrets/terraform.tfstate"
  }
}

resource "terraform_data" "holder" {
  # Terraform forgets that another state's output is sensitive, and would show it in plans.
  # An output that is null is in no state: previous_signing_secret needs try(..., null).
  input = sensitive(data.terraform_remote_state.secrets.outputs.signing_secret)
}
