#!/usr/bin/env bash
# Builds the token kryoptic for the tests, unless it is there already, and prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."

directory=$(realpath -m "${CARGO_TARGET_DIR:-target}")/kryoptic
module=$directory/release/libkryoptic_pkcs11.so
mkdir -p "$directory"
# Tests that run at once must not build it twice.
exec 9>"$directory/.lock"
flock 9
if [ ! -f "$module" ] || [ tests/kryoptic/Cargo.lock -nt "$module" ]; then
    # Quick to build; and no variable of ours changes what is built.
    env -u RUSTFLAGS CARGO_TARGET_DIR="$directory" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo build --locked --release --quiet --manifest-path tests/kryoptic/Cargo.toml --package kryoptic >&2
    touch "$module"
fi
echo "$module"
