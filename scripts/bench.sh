#!/usr/bin/env bash
# Compares the speed of libparsec with what a user could pick instead, on fresh devices of its own.
# An argument selects rows: those whose names contain it.
set -euo pipefail
cd "$(dirname "$0")/.."

# The fixture has a home directory of its own, where cargo and rustup would not find themselves.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
cargo build --locked --release
cargo bench --locked --bench compare --no-run
c_tests/place.py devices -- cargo bench --locked --bench compare "$@"

# Without a configuration, in new processes.
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
mkdir -p "$target/bench"
cc -O2 -D_GNU_SOURCE benches/start.c -o "$target/bench/start" -ldl
env -u PARSEC_CONFIG XDG_CONFIG_HOME="$target/bench" "$target/bench/start" "$target/release/libparsec.so"
strip -o "$target/bench/libparsec.so" "$target/release/libparsec.so"
echo "stripped library: $(stat -c %s "$target/bench/libparsec.so") bytes"

# What the README shows, where all rows were measured.
if [ $# -eq 0 ]; then
  benches/readme_table.py >"$target/bench/readme.md"
  echo "the table for the README: $target/bench/readme.md"
fi
