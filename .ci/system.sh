#!/bin/sh
# Installs the system libraries and programs that are missing; asks no server if none is.
# `system.sh test` adds what only the tests need. PYTHON names the Python that the environment is made with.
set -eu

what=${1:-run}
say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
missing=

# On Debian and Ubuntu: Pango and HarfBuzz for WeasyPrint, a font with Chinese for PDFs.
debian() {
    for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :)" = installed ] ||
            missing="$missing $package"
    done
    have npm || missing="$missing nodejs npm"
    "${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null ||
        missing="$missing $("${PYTHON:-python3}" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
    if [ "$what" = test ]; then
        have chromium || missing="$missing chromium"
        have pdftotext || missing="$missing poppler-utils"
    fi
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        have sudo || fail "Missing:$missing. Install them with apt-get as root, then run this again."
        sudo=sudo
    fi
    say "Installing with apt:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # the list is meant to be split
    if ! { $sudo apt-get -q update && $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get -qy --no-install-recommends install $missing; } </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt could not install:$missing (its last lines are above)."
    fi
    rm -f "$log"
}

mac() {
    have brew || fail "Install Homebrew first; this needs pango and node from it."
    for formula in pango node; do
        brew list --versions "$formula" >/dev/null 2>&1 || missing="$missing $formula"
    done
    [ "$what" != test ] || have pdftotext || missing="$missing poppler"
    # shellcheck disable=SC2086
    [ -z "$missing" ] || { say "Installing with brew:$missing" && brew install --quiet $missing; }
    [ "$what" != test ] || have chromium || [ -d "/Applications/Google Chrome.app" ] || brew install --cask chromium
}

elsewhere() {
    for library in pango-1.0 pangoft2-1.0 harfbuzz-subset; do
        "${PYTHON:-python3}" -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library(sys.argv[1]))' \
            "$library" || missing="$missing lib$library"
    done
    have npm || missing="$missing node npm"
    if [ "$what" = test ]; then
        have chromium || missing="$missing chromium"
        have pdftotext || missing="$missing pdftotext"
    fi
    [ -z "$missing" ] || fail "Missing:$missing. Install them with this system's package manager, then run this again."
}

fail() {
    say "$*"
    exit 1
}

if have apt-get && have dpkg-query; then
    debian
elif [ "$(uname)" = Darwin ]; then
    mac
else
    elsewhere
fi
