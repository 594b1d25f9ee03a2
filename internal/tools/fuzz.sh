#!/usr/bin/env bash
# Runs every fuzz target of the repository, one after another, FUZZTIME (5s) each. Go fuzzes one target at a time.
set -euo pipefail

cd "$(dirname "$0")/../.."

targets=0
while IFS=: read -r file target; do
	echo "=== ${file%/*} $target"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-5s}" -fuzzminimizetime 5s "./${file%/*}" | grep -v '^fuzz: .* gathering '
	targets=$((targets + 1))
done < <(grep -ro --include='*_test.go' '^func Fuzz[A-Za-z]*' internal | sed 's/:func /:/' | sort)

if ((targets == 0)); then
	echo 'there is no fuzz target' >&2
	exit 1
fi
echo "$targets targets found nothing"
