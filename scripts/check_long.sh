#!/usr/bin/env bash
# The C tests under valgrind, with the undefined-behaviour and address sanitizers (in the programs, and in the library and the
# C code that it brings), and with many more repetitions; every fault of a PKCS#11 module, every response code of a TPM.
# `scripts/check_long.sh valgrind` runs the stage of that name; without one all run, also after one has failed.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
stages=(faults codes long sanitized valgrind sanitized_library)

# Each in a shell of its own, which ends at the first failure.
if [ $# -eq 0 ]; then
    failed=()
    for stage in "${stages[@]}"; do
        printf '\n==== %s\n' "$stage"
        scripts/check_long.sh "$stage" || failed+=("$stage")
    done
    [ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2 && exit 1; }
    exit
fi

# installed_library: the release, for the programs.
installed_library() {
    cargo build --locked --release
    make --no-print-directory install PREFIX="$target/stage" INSTALL_FLAGS= >/dev/null
    export PKG_CONFIG_PATH=$target/stage/lib/pkgconfig
}

# variant NAME [CMAKE_OPTION...]: builds and runs all C tests in one way.
variant() {
    local name=$1
    shift
    cmake -S c_tests -B "$target/c_tests_$name" "$@" >/dev/null
    cmake --build "$target/c_tests_$name" -j "$(nproc)"
    ctest --test-dir "$target/c_tests_$name" -j "$(nproc)" --output-on-failure
}

# The slow unwinder goes through libraries without frame pointers, so that a suppression can name what is behind them.
export LSAN_OPTIONS=suppressions=$PWD/c_tests/lsan.supp ASAN_OPTIONS=fast_unwind_on_malloc=0

# Every fault of a PKCS#11 module. SoftHSM writes a token's file with each login: in memory that is ten times as fast.
faults() {
    [ -n "${TMPDIR:-}" ] || ! [ -w /dev/shm ] || export TMPDIR=/dev/shm
    PARSEC_LONG_TESTS=1 cargo test --locked --test pkcs11 -- faults matrix calls
}

# Every response code of a TPM.
codes() {
    PARSEC_LONG_TESTS=1 cargo test --locked --lib -- tpm::tests::codes
}

long() {
    installed_library
    variant long -DLONG_LOOPS=ON
}

# The programs alone.
sanitized() {
    installed_library
    variant sanitized -DCMAKE_C_FLAGS='-fsanitize=address,undefined -fno-sanitize-recover=undefined -g'
}

valgrind() {
    installed_library
    variant valgrind -DVALGRIND=ON
}

# The library with the address sanitizer, for the programs of clang, whose runtime it uses.
sanitized_library() {
    local triple
    triple=$(rustc -vV | sed -n 's/^host: //p')
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_PROFILE_DEV_OPT_LEVEL=2 CARGO_TARGET_DIR=$target/sanitized \
        CC=clang CFLAGS='-fsanitize=address -fno-omit-frame-pointer' cargo build --locked --target "$triple"
    make --no-print-directory install LIBRARY="$target/sanitized/$triple/debug/libparsec.so" \
        PREFIX="$target/sanitized/stage" INSTALL_FLAGS= >/dev/null
    PKG_CONFIG_PATH=$target/sanitized/stage/lib/pkgconfig CC=clang CXX=clang++ \
        variant sanitized_library -DCMAKE_C_FLAGS='-fsanitize=address -g' -DCMAKE_CXX_FLAGS='-fsanitize=address -g'
}

[[ " ${stages[*]} " == *" $1 "* ]] || { echo "stages: ${stages[*]}" >&2 && exit 2; }
"$1"
