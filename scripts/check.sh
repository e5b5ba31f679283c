#!/usr/bin/env bash
# Runs every test in stages, prints the time of each, and fails if one of them failed.
set -uo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
logs=$target/check
jobs=$(nproc)
summary=()
failed=0
mkdir -p "$logs"
rm -f "$logs"/*.log

stage() {
    local name=$1 start=$SECONDS result=ok
    shift
    printf '\n==== %s\n' "$name"
    "$@" 2>&1 | tee "$logs/$name.log" || { result=FAILED; failed=1; }
    summary+=("$(printf '%-14s %-7s %4d s' "$name" "$result" $((SECONDS - start)))")
    echo "---- ${summary[-1]}"
}

# Nextest is used where it is installed; building it would cost more minutes than it saves.
rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --no-fail-fast && cargo test --locked --doc
    else
        cargo test --locked --no-fail-fast
    fi
}

c_tests() {
    make --no-print-directory install PREFIX="$target/stage" >/dev/null &&
        PKG_CONFIG_PATH="$target/stage/lib/pkgconfig" cmake -S c_tests -B "$target/c_tests" &&
        cmake --build "$target/c_tests" -j "$jobs" &&
        ctest --test-dir "$target/c_tests" -j "$((jobs * 2))" --output-on-failure
}

stage format cargo fmt --check
stage lint cargo clippy --locked --all-targets -- -D warnings
stage documentation env RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps
if cargo deny --version >/dev/null 2>&1; then
    stage licences cargo deny --locked check licenses bans sources
fi
stage kryoptic scripts/kryoptic.sh
stage rust-tests rust_tests
stage release-build cargo build --locked --release
stage exports env PARSEC_LIBRARY="$target/release/libparsec.so" cargo test --locked --test exports
stage instructions benches/instructions/count.py
stage c-tests c_tests
stage install-test scripts/install_test.sh

printf '\n==== summary\n'
printf '%s\n' "${summary[@]}"
grep -hE '^ *Summary \[|^test result|% tests passed' "$logs"/*.log
exit "$failed"
