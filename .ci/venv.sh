#!/bin/sh
# Sets up virtual environments from requirements.lock; what a step prints is shown only when it fails.
#
#   .ci/venv.sh develop PYTHON VENV        everything in the lock, and needfix editable, its loops compiled
#   .ci/venv.sh wheel   PYTHON VENV WHEEL  that wheel and what it depends on, at the locked versions
#
# durable-rules comes as C source. It calls PyEval_CallObject, which Python 3.13 removed, and so builds but fails to
# import there without the macro below; older Pythons take the macro as well. -O2 because its setup.py overrides CFLAGS.
# pip would use again a wheel that it once built without these flags, hence --no-cache-dir.
set -eu

flags="-DPyEval_CallObject=PyObject_CallObject -O2"
root=$(cd "$(dirname "$0")/.." && pwd)
lock=$root/requirements.lock

fail() {
    echo "error: $*" >&2
    exit 1
}

# The entries of the lock for the names given, with their hashes; with `not` before them, all the others.
locked() {
    awk -v names=" $* " '
        BEGIN { others = index(names, " not ") == 1 }
        /^[A-Za-z0-9]/ { name = $1; sub(/[=\[].*/, "", name); keep = (index(names, " " name " ") > 0) != others }
        keep' "$lock"
}

check_python() {
    "$python" -c '' 2>/dev/null || fail "cannot run $python; name a Python 3.11 or later: make PYTHON=..."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "needfix needs Python 3.11 or later, and $python is $("$python" -c 'import platform; print(platform.python_version())'); name another: make PYTHON=..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python lacks venv or ensurepip (on Debian: apt install python3-venv)"
}

check_compiler() {
    compiler=${CC:-$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("CC") or "cc")')}
    command -v "${compiler%% *}" >/dev/null ||
        fail "durable-rules and the loops of fleets are compiled, and there is no compiler ${compiler%% *} (on Debian: apt install gcc; macOS: xcode-select --install)"
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
        fail "$python has no Python.h (on Debian: apt install python3-dev)"
}

# `venv --clear` empties the folder it is given, so it must be given no other.
check_folder() {
    [ ! -e "$venv" ] || [ -f "$venv/pyvenv.cfg" ] || fail "$venv is there and is no virtual environment; name another: make VENV=..."
}

create() {
    "$python" -m venv --clear "$venv"
    locked setuptools >"$venv/setuptools.txt"
    locked durable-rules >"$venv/durable-rules.txt"
    locked not setuptools durable-rules >"$venv/others.txt"
}

# Only from the lock: nothing without its hash, and nothing that the lock does not name.
install() {
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check install --no-deps "$@"
}

install_durable_rules() {
    install --require-hashes -r "$venv/setuptools.txt"
    CPPFLAGS="${CPPFLAGS:+$CPPFLAGS }$flags" install --require-hashes --no-cache-dir --no-binary durable-rules \
        --no-build-isolation --use-pep517 -r "$venv/durable-rules.txt"
    "$venv/bin/python" -c 'import durable_rules_engine'
}

develop() {
    create
    install_durable_rules
    install --require-hashes --no-build-isolation -r "$venv/others.txt"
    install --no-build-isolation --editable "$root"
}

# Hashes cannot be required of a wheel just built, so the versions go in as constraints and pip reads the wheel's own metadata.
wheel() {
    create
    install_durable_rules
    sed -n 's/^\([A-Za-z0-9][^ ]*==[^ ]*\( *;[^\\]*\)\{0,1\}\).*/\1/p' "$lock" >"$venv/constraints.txt"
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check install -c "$venv/constraints.txt" "$wheel"
    "$venv/bin/python" -m pip --disable-pip-version-check check
}

what=$1 python=$2 venv=$3 wheel=${4:-}
check_python
check_compiler
check_folder
mkdir -p "$(dirname "$venv")"
log=$(mktemp "${TMPDIR:-/tmp}/needfix-setup.XXXXXX")
trap 'rm -f "$log"' EXIT
echo "setting up $venv with $("$python" -c 'import platform; print("Python", platform.python_version())')"
# A shell of its own, because `set -e` is off inside a command that `||` follows.
case $what in develop | wheel) ;; *) fail "unknown: $what" ;; esac
set +e
(set -e; "$what") >"$log" 2>&1
status=$?
set -e
if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    rm -rf "$venv"
    fail "setting up $venv failed"
fi
touch "$venv/.ready"
