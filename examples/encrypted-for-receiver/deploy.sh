#!/bin/sh
# Starts the receiver with the secret in its environment and in no file:
#
#   terraform output -raw encrypted_signing_secret > secret.age
#   ./deploy.sh secret.age receiver.key COMMAND…
set -eu
secret_file=$1
identity_file=$2
shift 2
POLYAI_SECRET=$(age --decrypt --identity "$identity_file" "$secret_file")
export POLYAI_SECRET
exec "$@"
