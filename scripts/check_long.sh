#!/usr/bin/env bash
# The C tests under valgrind, with the undefined-behaviour and address sanitizers, and with many more repetitions; every
# fault of a PKCS#11 module.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
cargo build --locked --release
make --no-print-directory install PREFIX="$target/stage" INSTALL_FLAGS= >/dev/null
export PKG_CONFIG_PATH=$target/stage/lib/pkgconfig

# variant NAME [CMAKE_OPTION...]: builds and runs all C tests in one way.
variant() {
    local name=$1
    shift
    printf '\n==== %s\n' "$name"
    cmake -S c_tests -B "$target/c_tests_$name" "$@" >/dev/null
    cmake --build "$target/c_tests_$name" -j "$(nproc)"
    ctest --test-dir "$target/c_tests_$name" -j "$(nproc)" --output-on-failure
}

printf '\n==== faults of a PKCS#11 module\n'
PARSEC_LONG_TESTS=1 cargo test --locked --test pkcs11 -- faults calls

variant long -DLONG_LOOPS=ON
export LSAN_OPTIONS=suppressions=$PWD/c_tests/lsan.supp
variant sanitized -DCMAKE_C_FLAGS='-fsanitize=address,undefined -fno-sanitize-recover=undefined -g'
variant valgrind -DVALGRIND=ON
