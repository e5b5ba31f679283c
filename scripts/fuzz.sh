#!/usr/bin/env bash
# Runs every fuzzer for some time, with the address sanitizer. What they find is kept in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

cargo +nightly fuzz --version >/dev/null || {
    echo "run this first:  rustup toolchain install nightly && cargo install cargo-fuzz" >&2
    exit 1
}
for target in fuzz_targets/*.rs; do
    name=$(basename "$target" .rs)
    printf '\n==== %s\n' "$name"
    corpora=("corpus/$name")
    mkdir -p "${corpora[0]}"
    [ ! -d "seeds/$name" ] || corpora+=("seeds/$name")
    cargo +nightly fuzz run --fuzz-dir . --dev "$name" "${corpora[@]}" -- \
        -max_total_time="${FUZZ_SECONDS:-60}" -max_len=4096 -timeout=60 -print_final_stats=1
done
