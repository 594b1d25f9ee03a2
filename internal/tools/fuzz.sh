#!/usr/bin/env bash
# Runs every fuzz target of the repository, one after another, FUZZTIME (5s) each. Go fuzzes one target at a time.
set -euo pipefail

cd "$(dirname "$0")/../.."

printed=$(mktemp)
trap 'rm -f "$printed"' EXIT

# fuzz runs a target, up to three times: Go fails one whose time ends while it starts an input, and says no more than that
# its deadline was exceeded; what it has found it names as an input.
fuzz() {
	local try
	for try in 1 2 3; do
		go test -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-5s}" -fuzzminimizetime 5s "./$1" >"$printed" 2>&1 && return
		grep -q '^    context deadline exceeded$' "$printed" && ! grep -q 'Failing input' "$printed" || break
		echo "its time ended in try $try"
	done
	return 1
}

targets=0
while IFS=: read -r file target; do
	echo "=== ${file%/*} $target"
	fuzz "${file%/*}" "$target" || { cat "$printed"; exit 1; }
	grep -v '^fuzz: .* gathering ' "$printed"
	targets=$((targets + 1))
done < <(grep -ro --include='*_test.go' '^func Fuzz[A-Za-z]*' internal | sed 's/:func /:/' | sort)

if ((targets == 0)); then
	echo 'there is no fuzz target' >&2
	exit 1
fi
echo "$targets targets found nothing"
