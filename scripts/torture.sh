#!/usr/bin/env bash
# What the key store has to stand, for as long as it needs: processes that are killed, disks that fail, 100,000 keys.
# `scripts/torture.sh crash` runs the tests whose names contain that.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
cargo build --locked --release
make --no-print-directory install PREFIX="$target/stage" INSTALL_FLAGS= >/dev/null
export PKG_CONFIG_PATH=$target/stage/lib/pkgconfig
cmake -S c_tests -B "$target/c_tests_torture" -DTORTURE=ON >/dev/null
cmake --build "$target/c_tests_torture" -j "$(nproc)"
# One at a time: they are to be disturbed by themselves only. The numbers are what they print.
ctest --test-dir "$target/c_tests_torture" -L torture -R "${1:-.}" --verbose |
    grep -vE '^(Constructing|UpdateCTest|Internal|Test project|$)|Test (command|timeout)|Working Directory'
