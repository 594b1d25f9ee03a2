#!/usr/bin/env bash
# Writes the documentation into the folder given, relative to the repository.
#
# The schema comes from the provider itself, so that neither the CLI at hand nor its version
# has a say in what the pages tell.
set -euo pipefail

cd "$(dirname "$0")/../.."
target=$1
schema=bin/schema.json

go run ./internal/cmd/schema >"$schema"
rm -rf "$target"
bin/tools/tfplugindocs generate \
	--provider-name machineid \
	--rendered-provider-name machineid \
	--providers-schema "$schema" \
	--rendered-website-dir "$target" >bin/docs.log || { cat bin/docs.log >&2; exit 1; }
