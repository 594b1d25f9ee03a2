#!/usr/bin/env bash
# Runs a command against a real ZenML server that lives only as long as the command.
#
#   run.sh <version> -- <command> [argument...]
#
# The server is installed once per version from requirements-<version>.txt into .venv/zenml-<version> at the root of
# the repository. It listens on a free loopback port, keeps its data in sqlite in a temporary directory, and gets a
# random password for its administrator. The command finds it through TESTACC_ZENML_SERVER_URL, TESTACC_ZENML_USERNAME,
# TESTACC_ZENML_PASSWORD and TESTACC_ZENML_VERSION. The exit status is that of the command.
#
# PYTHON names the interpreter to install with; without it the first suitable one on the PATH is taken.
set -euo pipefail

readonly INSTALL_SECONDS=1200 START_SECONDS=240 STOP_SECONDS=15

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../../.." && pwd)

server_pid=
command_pid=
work=

say() { printf 'realserver: %s\n' "$*" >&2; }

fail() {
	say "$@"
	exit 1
}

# alive tells whether a process of ours still runs.
alive() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

# bounded ends a command that takes too long, where the machine has a way to.
bounded() {
	if command -v timeout >/dev/null; then
		timeout "$@"
	else
		shift
		"$@"
	fi
}

find_python() {
	local candidate
	for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.10 python3; do
		if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
			printf '%s\n' "$candidate"
			return
		fi
	done
	fail "ZenML needs Python 3.10 to 3.13 with venv and ensurepip; install one, or name it in PYTHON"
}

# install puts the version's virtual environment in place, unless the one there was made from the same requirements.
install() {
	local requirements=$1 venv=$2 python
	if cmp -s "$requirements" "$venv/installed.txt"; then
		return
	fi
	python=$(find_python)
	say "installing ZenML $version with $python into ${venv#"$root"/}"
	rm -rf "$venv"
	mkdir -p "${venv%/*}"
	"$python" -m venv "$venv"
	bounded "$INSTALL_SECONDS" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		--no-deps --only-binary :all: --requirement "$requirements" >&2 ||
		fail "cannot install ZenML $version from ${requirements#"$root"/}"
	"$venv/bin/python" -m pip check --disable-pip-version-check >&2 ||
		fail "the packages pinned in ${requirements#"$root"/} do not fit together under $python"
	cp "$requirements" "$venv/installed.txt"
}

# start runs the server in the background. Its environment is built from nothing: the variables that configure a
# Terraform provider or a ZenML client would be read as settings of the server too.
start() {
	local venv=$1
	mkdir "$work/config" "$work/stores"
	env -i \
		PATH="$venv/bin:/usr/bin:/bin" HOME="$work" LANG=C.UTF-8 \
		ZENML_CONFIG_PATH="$work/config" \
		ZENML_LOCAL_STORES_PATH="$work/stores" \
		ZENML_STORE_URL="sqlite:///$work/zenml.db" \
		ZENML_ANALYTICS_OPT_IN=false \
		ZENML_LOGGING_COLORS_DISABLED=true \
		ZENML_SERVER_AUTH_SCHEME=OAUTH2_PASSWORD_BEARER \
		ZENML_SERVER_DEPLOYMENT_TYPE=other \
		ZENML_SERVER_AUTO_ACTIVATE=1 \
		ZENML_DEFAULT_USER_NAME=admin \
		ZENML_DEFAULT_USER_PASSWORD="$password" \
		"$venv/bin/uvicorn" zenml.zen_server.zen_server_api:app \
		--host 127.0.0.1 --port 0 --no-server-header --no-access-log \
		>"$work/server.log" 2>&1 </dev/null &
	server_pid=$!
	disown "$server_pid" # else the shell reports its end like a failure
}

# address prints where the server listens, once it says so: it chose the port itself, so no other process can take it.
address() { grep -ao 'http://127\.0\.0\.1:[0-9][0-9]*' "$work/server.log" | head -n 1; }

answers() { "$venv/bin/python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$1/health" 2>/dev/null; }

wait_healthy() {
	local deadline=$((SECONDS + START_SECONDS))
	while alive "$server_pid" && ((SECONDS < deadline)); do
		url=$(address || true)
		if [[ -n $url ]] && answers "$url"; then
			return
		fi
		sleep 0.5
	done
	say "ZenML $version did not come up within $START_SECONDS s; the end of its log:"
	tail -n 40 "$work/server.log" >&2
	exit 1
}

# end asks a process, or with a leading minus a process group, to terminate, and kills it when it does not in time.
end() {
	local pid=$1 target=$2 deadline=$((SECONDS + STOP_SECONDS))
	alive "$pid" || return 0
	kill -TERM -- "$target" 2>/dev/null || true
	while alive "$pid" && ((SECONDS < deadline)); do
		sleep 0.2
	done
	if alive "$pid"; then
		kill -KILL -- "$target" 2>/dev/null || true
	fi
}

stop() {
	local status=$?
	trap - EXIT INT TERM HUP
	# The command has a process group of its own, so what it started ends with it.
	end "$command_pid" "-$command_pid" 2>/dev/null
	end "$server_pid" "$server_pid"
	if [[ -n $work ]]; then
		rm -rf "$work"
	fi
	exit "$status"
}

if (($# < 3)) || [[ $2 != -- ]]; then
	say "usage: run.sh <version> -- <command> [argument...]"
	exit 2
fi
version=$1
shift 2

requirements=$here/requirements-$version.txt
[[ -f $requirements ]] || fail "there is no ${requirements#"$root"/}; the known versions are in ${here#"$root"/}/versions"
venv=$root/.venv/zenml-$version

trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

install "$requirements" "$venv"
work=$(mktemp -d)
password=$("$venv/bin/python" -c 'import secrets; print(secrets.token_urlsafe(24))')
url=

# Job control gives both children their own process groups: an interrupt from the keyboard then reaches this script
# alone, which ends them in order.
set -m
start "$venv"
wait_healthy
say "ZenML $version is up"

TESTACC_ZENML_SERVER_URL=$url TESTACC_ZENML_USERNAME=admin TESTACC_ZENML_PASSWORD=$password TESTACC_ZENML_VERSION=$version \
	"$@" </dev/null &
command_pid=$!
status=0
wait "$command_pid" || status=$?
command_pid=
exit "$status"
