#!/usr/bin/env bash
# Compares the speed of libparsec with what a user could pick instead, on fresh devices of its own.
# Arguments select rows: those whose names contain one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

# The fixture has a home directory of its own, where cargo and rustup would not find themselves.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
cargo bench --locked --bench compare --no-run
c_tests/place.py native -- cargo bench --locked --bench compare -- "$@"
