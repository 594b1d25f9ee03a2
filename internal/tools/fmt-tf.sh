#!/usr/bin/env bash
# Formats the Terraform files of the repository; with -check it only tells which need it.
# To be run by with-cli.sh, which says which CLI to use.
set -euo pipefail

cd "$(dirname "$0")/../.."
for folder in examples internal; do
	[[ -d $folder ]] || continue
	"$TF_ACC_TERRAFORM_PATH" fmt -recursive "$@" "$folder"
done
