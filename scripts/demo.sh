#!/usr/bin/env bash
# One program, built once, with its persistent key in three places: only the configuration differs.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

make --no-print-directory install PREFIX="$scratch" >/dev/null
export PKG_CONFIG_PATH=$scratch/lib/pkgconfig LD_LIBRARY_PATH=$scratch/lib
read -ra flags <<<"$(pkg-config --cflags --libs libparsec)"
cc examples_c/sign.c "${flags[@]}" -o "$scratch/sign"
echo "built examples_c/sign.c once:  cc sign.c \$(pkg-config --cflags --libs libparsec)"

# Runs the program twice: the second process finds the key of the first.
show() {
    local place=$1 title=$2
    printf '\n== %s\n' "$title"
    c_tests/place.py "$place" -- sh -c 'sed "s/^/   | /" "$PARSEC_CONFIG"' \
        -- "$scratch/sign" "first process" -- "$scratch/sign" "second process" "${@:3}"
}

show native "software, embedded: the native engine and a key store file"
show softhsm "PKCS#11: a SoftHSM token, opened by pkcs11-tool too" -- sh -c 'set -e
    echo "the token holds, says pkcs11-tool:"
    module=$(sed -n "s/^module = \"\(.*\)\"/\1/p" "$PARSEC_CONFIG")
    pkcs11-tool --module "$module" --token-label parsec-test --login --pin "$(cat "$PARSEC_TEST_SCRATCH/pin")" --list-objects --type privkey 2>/dev/null |
        sed "s/^/   /"'
show swtpm "TPM 2.0: a software TPM"
printf '\nThe same binary, three places. The lines with | are the whole configuration of each.\n'
