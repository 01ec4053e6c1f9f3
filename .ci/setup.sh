#!/bin/sh
# Brings a fresh machine to where everything runs. Where all is there it only looks, which takes no time.
# `setup.sh test` adds what only the tests need.
#
# Each part leaves a mark when it is complete: a checksum of what it was made from. No mark, or another one, and the
# part is made again; so whatever state an interrupted run left behind, the next run mends it.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}
mark_of() { { printf '%s\n' "$PWD" && cksum "$@"; } | cksum; }
marked() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            PYTHON=$candidate
            export PYTHON
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and none is on the PATH."
}

# One at a time: two in two terminals would take each other's half-made folders away. The lock is on this folder and
# ends with the processes that hold it.
alone() {
    [ -z "${SETUP_IS_ALONE:-}" ] || return 0
    SETUP_IS_ALONE=yes exec "$PYTHON" -c '
import fcntl, os, sys
lock = os.open(".", os.O_RDONLY)
os.set_inheritable(lock, True)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Waiting for another set-up to finish ...", file=sys.stderr, flush=True)
    fcntl.flock(lock, fcntl.LOCK_EX)
os.execvp("sh", ["sh", ".ci/setup.sh", *sys.argv[1:]])
' "$@"
}

python_part() {
    mark=$(mark_of requirements.lock setup.cfg pyproject.toml .ci/tools.txt)
    python=.venv/bin/python
    if marked .venv/complete "$mark" && "$python" -c 'import config, imgpilot' 2>/dev/null; then
        return
    fi
    say "Installing the Python packages …"
    # One that was moved still points to where it was.
    if ! grep -qF "$PWD/.venv" .venv/bin/activate 2>/dev/null || ! "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        "$PYTHON" -m venv .venv
    fi
    rm -f .venv/complete
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .ci/tools.txt
    .venv/bin/uv pip sync --quiet --python "$python" --require-hashes requirements.lock .ci/tools.txt
    .venv/bin/uv pip install --quiet --python "$python" --no-deps --no-build-isolation -e .
    printf '%s\n' "$mark" >.venv/complete
}

assets_part() {
    vendor=platform/imgpilot/static/vendor
    mark=$(mark_of package.json package-lock.json .npmrc .ci/setup.sh)
    if marked node_modules/complete "$mark" && marked "$vendor/complete" "$mark"; then
        return
    fi
    say "Installing the fonts, icons and scripts of the pages …"
    rm -rf "$vendor" node_modules/complete
    npm ci --ignore-scripts --no-progress --loglevel=error >/dev/null
    fonts=node_modules/@fontsource
    new=node_modules/.vendor # beside them, then moved in one go
    mkdir -p "$new/fonts" "$new/icons"
    for set in latin latin-ext; do
        cp "$fonts-variable/instrument-sans/files/instrument-sans-$set-wght-normal.woff2" "$new/fonts/"
        for weight in 400 500 600; do
            cp "$fonts/instrument-sans/files/instrument-sans-$set-$weight-normal.woff2" "$new/fonts/"
        done
    done
    cp "$fonts/instrument-sans/LICENSE" "$new/fonts/"
    cp node_modules/lucide-static/icons/*.svg node_modules/lucide-static/LICENSE "$new/icons/"
    cp node_modules/htmx.org/dist/htmx.min.js "$new/"
    printf '%s\n' "$mark" >"$new/complete"
    mkdir -p "${vendor%/*}"
    mv "$new" "$vendor"
    printf '%s\n' "$mark" >node_modules/complete
}

translations_part() {
    folder=platform/imgpilot/translations
    for source in "$folder"/*/LC_MESSAGES/messages.po; do
        [ -f "$source" ] || continue
        if [ ! -f "${source%.po}.mo" ] || [ -n "$(find "$source" -newer "${source%.po}.mo")" ]; then
            .venv/bin/pybabel -q compile -d "$folder" -D messages
            return
        fi
    done
}

find_python
alone "$@"
sh .ci/system.sh "${1:-run}"
python_part
assets_part
translations_part
