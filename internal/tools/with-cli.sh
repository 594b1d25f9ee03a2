#!/usr/bin/env bash
# Runs a command with the environment in which tests and the demo find the Terraform CLI.
#
#   with-cli.sh go test ./...
#   TF=tofu with-cli.sh go test ./...
set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
cli=$("$tools/find-cli.sh" "${TF:-}")

export TF_ACC=1
export TF_ACC_TERRAFORM_PATH=$cli
export CHECKPOINT_DISABLE=1

# A configuration that the variable names but that is not there draws a warning into every
# output of Terraform, and stops OpenTofu.
[[ -f ${TF_CLI_CONFIG_FILE:-} ]] || export TF_CLI_CONFIG_FILE=/dev/null

exec "$@"
