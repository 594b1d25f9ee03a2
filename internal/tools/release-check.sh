#!/usr/bin/env bash
# Builds the release that goreleaser would publish, into dist/, and checks it with each of the CLIs named, as find-cli.sh
# takes them. Nothing is published, and the sums are signed with a key that nobody trusts.
#
#   release-check.sh 1.11 1.15 tofu
set -euo pipefail

cd "$(dirname "$0")/../.."
export PATH=$PWD/bin/tools:$PATH

keys=$(mktemp -d)
trap 'GNUPGHOME=$keys gpgconf --kill all; rm -rf "$keys"' EXIT
export GNUPGHOME=$keys
gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-generate-key 'nobody <nobody@example.com>' rsa3072 sign never
GPG_FINGERPRINT=$(gpg --batch --list-secret-keys --with-colons | awk -F: '$1 == "fpr" { print $10; exit }')
export GPG_FINGERPRINT

goreleaser check
goreleaser release --snapshot --clean
for sums in dist/*_SHA256SUMS; do
	gpg --batch --verify "$sums.sig" "$sums"
done

arguments=()
for name in "$@"; do
	arguments+=(-cli "$(internal/tools/find-cli.sh "$name")")
done
bin/tools/releasecheck -dist dist -manifest terraform-registry-manifest.json "${arguments[@]}"
