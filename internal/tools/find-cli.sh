#!/usr/bin/env bash
# Prints the path of the Terraform CLI to work with; says on stderr what it chose.
#
#   find-cli.sh             terraform on the PATH, else tofu, else OpenTofu built into bin/
#   find-cli.sh terraform   terraform on the PATH
#   find-cli.sh tofu        tofu on the PATH, else OpenTofu built into bin/
#   find-cli.sh 1.15        Terraform of that minor version: terraform on the PATH, else one installed into bin/
#   find-cli.sh ./some/cli  that file
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
module=$root/internal/tools/opentofu
built=$root/bin/tofu

# Asking for the version must not fail on a CLI configuration that is not there.
[[ -f ${TF_CLI_CONFIG_FILE:-} ]] || export TF_CLI_CONFIG_FILE=/dev/null
export CHECKPOINT_DISABLE=1

say() { echo "cli: $*" >&2; }

choose() {
	say "using $1 ($("$1" version 2>/dev/null | head -n 1))"
	echo "$1"
}

on_path() {
	local found
	found=$(type -P "$1") && choose "$found"
}

# A Terraform on the PATH counts if it is of the minor version wanted.
install_terraform() {
	local version=$1 folder=$root/bin/terraform-$1
	if terraform version 2>/dev/null | grep -q "^Terraform v${version//./\\.}\.[0-9]*$"; then
		choose "$(type -P terraform)"
		return
	fi
	"$root/internal/tools/terraform/install.sh" "$version" "$folder"
	choose "$folder/terraform"
}

# The go.mod names OpenTofu's version: a newer one makes the binary stale.
build_tofu() {
	if [[ ! -x $built || $module/go.mod -nt $built ]]; then
		say "no ${1} on the PATH: building OpenTofu from its Go module into bin/tofu; this takes minutes, once"
		mkdir -p "$root/bin"
		nice go build -C "$module" -trimpath \
			-ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' \
			-o "$built" github.com/opentofu/opentofu/cmd/tofu >&2
	fi
	choose "$built"
}

wanted=${1:-}
case $wanted in
'')
	on_path terraform || on_path tofu || build_tofu 'terraform and no tofu'
	;;
tofu)
	on_path tofu || build_tofu tofu
	;;
*/*)
	if [[ ! -x $wanted ]]; then
		say "$wanted is no program that can be run: name an existing one, or leave TF empty"
		exit 1
	fi
	choose "$(cd "$(dirname "$wanted")" && pwd)/$(basename "$wanted")"
	;;
[0-9]*.[0-9]*)
	install_terraform "$wanted"
	;;
*)
	if ! on_path "$wanted"; then
		say "no $wanted on the PATH: install it, or leave TF empty to take what is there"
		exit 1
	fi
	;;
esac
