#!/bin/sh
# Makes keys in the token of the configuration, as their owner would with another tool: one, and two of one label.
set -eu
module=$(sed -n 's/^module = "\(.*\)"/\1/p' "$PARSEC_CONFIG")
pin=$(cat "$(sed -n 's/^pin = { file = "\(.*\)" }/\1/p' "$PARSEC_CONFIG")")
make_key() {
    pkcs11-tool --module "$module" --token-label parsec-test --login --pin "$pin" \
        --keypairgen --key-type EC:prime256v1 --usage-sign --label "$1" --id "$2" >/dev/null
}
make_key foreign a1
make_key twice b1
make_key twice b2
