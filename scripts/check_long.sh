#!/usr/bin/env bash
# The C tests under valgrind, with the undefined-behaviour and address sanitizers (in the programs, and in the library and the
# C code that it brings), and with many more repetitions; every fault of a PKCS#11 module, every response code of a TPM.
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

# sanitized_library: the library with the address sanitizer, for the programs of clang, whose runtime it uses.
sanitized_library() {
    local triple
    triple=$(rustc -vV | sed -n 's/^host: //p')
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_PROFILE_DEV_OPT_LEVEL=2 CARGO_TARGET_DIR=$target/sanitized \
        CC=clang CFLAGS='-fsanitize=address -fno-omit-frame-pointer' cargo build --locked --target "$triple"
    make --no-print-directory install LIBRARY="$target/sanitized/$triple/debug/libparsec.so" \
        PREFIX="$target/sanitized/stage" INSTALL_FLAGS= >/dev/null
}

printf '\n==== faults of a PKCS#11 module\n'
PARSEC_LONG_TESTS=1 cargo test --locked --test pkcs11 -- faults matrix calls

printf '\n==== every response code of a TPM\n'
PARSEC_LONG_TESTS=1 cargo test --locked --lib -- tpm::tests::codes

variant long -DLONG_LOOPS=ON
# The slow unwinder goes through libraries without frame pointers, so that a suppression can name what is behind them.
export LSAN_OPTIONS=suppressions=$PWD/c_tests/lsan.supp ASAN_OPTIONS=fast_unwind_on_malloc=0
variant sanitized -DCMAKE_C_FLAGS='-fsanitize=address,undefined -fno-sanitize-recover=undefined -g'
variant valgrind -DVALGRIND=ON

printf '\n==== library with the address sanitizer\n'
sanitized_library
PKG_CONFIG_PATH=$target/sanitized/stage/lib/pkgconfig CC=clang CXX=clang++ \
    variant sanitized_library -DCMAKE_C_FLAGS='-fsanitize=address -g' -DCMAKE_CXX_FLAGS='-fsanitize=address -g'
